import type { MemberId, Tables } from './tables.js'

/** How long after a change the API may still show the state before it, and what to do meanwhile. */
export interface Settling {
  /** ms after a hint from which on a read makes its row fresh. */
  readonly settle: number
  /** ms until the first read after a hint. */
  readonly delay: number
}

/**
 * Says that these memberships changed, or may have: their rows are stale until a read that begins after this has
 * committed, and `settle` later. Unknown ones get a row.
 */
export async function invalidateMembers(
  tables: Tables,
  members: readonly MemberId[],
  { settle, delay }: Settling,
): Promise<void> {
  const { database, quoted, now, schema } = tables
  // Sorted, as everywhere, so that two statements never wait for each other.
  await database.query(
    `with hints as (
  insert into ${quoted}.memberships as m (organization_id, user_id, stale_version, stale_until, due_at)
  select x ->> 0, x ->> 1, nextval('${quoted}.versions'), ${now} + $2::text::bigint, ${now} + $3::text::bigint
  from (select distinct x from jsonb_array_elements($1::text::jsonb) x) given
  order by (x ->> 0) collate "C", (x ->> 1) collate "C"
  on conflict (organization_id, user_id) do update set
    stale_version = greatest(m.stale_version, excluded.stale_version),
    stale_until = greatest(m.stale_until, excluded.stale_until),
    due_at = case when m.stale_version is null then excluded.due_at
      -- A read failed: its backoff stands.
      when m.attempts > 0 then m.due_at
      else least(m.due_at, excluded.due_at) end
  returning 1)
select pg_notify($4, 'stale')::text from (select count(*) as n from hints) counted where n > 0`,
    [pairsOf(members), String(settle), String(delay), schema],
  )
}

/** Says that the facts of an organization changed, such as its name. Its memberships stay as they are. */
export async function invalidateOrganization(
  tables: Tables,
  organizationId: string,
  { settle }: Settling,
): Promise<void> {
  const { database, quoted, now, schema } = tables
  await database.query(
    `with hints as (
  insert into ${quoted}.organizations as o (organization_id, stale_version, stale_until)
  values ($1, nextval('${quoted}.versions'), ${now} + $2::text::bigint)
  on conflict (organization_id) do update set
    stale_version = greatest(o.stale_version, excluded.stale_version),
    stale_until = greatest(o.stale_until, excluded.stale_until)
  returning 1)
select pg_notify($3, 'stale')::text from hints`,
    [organizationId, String(settle), schema],
  )
}

/** The memberships of a user that are known, to be read again because of what changed about the user. */
export async function invalidateUser(
  tables: Tables,
  userId: string,
  settling: Settling,
): Promise<void> {
  const { rows } = await tables.database.query(
    `select organization_id from ${tables.quoted}.memberships where user_id = $1 and membership is not null`,
    [userId],
  )
  const members = rows.map((row) => ({ organizationId: row.organization_id as string, userId }))
  if (members.length > 0) await invalidateMembers(tables, members, settling)
}

/** Members as the JSON of pairs that statements take. */
export function pairsOf(members: readonly MemberId[]): string {
  return JSON.stringify(members.map(({ organizationId, userId }) => [organizationId, userId]))
}
