import type { MemberId, Tables } from './tables.js'

/**
 * Marks a row before a write of ours is sent: until its response, or for `hold` and the settling after it, no read makes the
 * row fresh, since the write may act later than the read.
 *
 * The mark is on the row itself. A statement that waited for the lock of a row sees the row as it is then, but other
 * tables as they were when the statement began.
 *
 * @returns the version that stands for this write
 */
export async function beginWrite(
  { database, quoted, now }: Tables,
  { organizationId, userId }: MemberId,
  { hold, settle }: { readonly hold: number; readonly settle: number },
): Promise<string> {
  const until = `${now} + $3::text::bigint + $4::text::bigint`
  const { rows } = await database.query(
    `with v as materialized (select nextval('${quoted}.versions') as version)
insert into ${quoted}.memberships as m (organization_id, user_id, stale_version, stale_until, due_at, pending_writes)
select $1, $2, v.version, ${now} + $4::text::bigint, ${until}, jsonb_build_object(v.version::text, ${until}) from v
on conflict (organization_id, user_id) do update set
  stale_version = greatest(m.stale_version, excluded.stale_version),
  stale_until = greatest(m.stale_until, excluded.stale_until),
  due_at = case when m.stale_version is null then excluded.due_at else m.due_at end,
  pending_writes = m.pending_writes || excluded.pending_writes
returning (select version from v)::text as version`,
    [organizationId, userId, String(hold), String(settle)],
  )
  return rows[0]!.version as string
}

/**
 * Ends a write that the API refused: it cannot act any more. The row is read again at once, by a read that begins after
 * this, since an attempt before may have been carried out and its response lost.
 */
export async function endWrite(
  { database, quoted, now, schema }: Tables,
  { organizationId, userId }: MemberId,
  pendingWrite: string,
): Promise<void> {
  await database.query(
    `with ended as (
  update ${quoted}.memberships set pending_writes = pending_writes - $3::text, due_at = least(due_at, ${now}),
    stale_version = greatest(stale_version, nextval('${quoted}.versions'))
  where organization_id = $1 and user_id = $2 and pending_writes -> $3::text is not null returning 1)
select pg_notify($4, 'stale')::text from ended`,
    [organizationId, userId, pendingWrite, schema],
  )
}
