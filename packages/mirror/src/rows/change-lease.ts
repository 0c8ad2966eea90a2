import type { Tables } from './tables.js'

/**
 * Takes the lease of an organization's changes. A row, not an advisory lock: it also excludes behind a pooler that shares
 * sessions, and in PGlite, which has one.
 *
 * @returns whether it is ours now
 */
export async function takeChangeLease(
  { database, quoted, now }: Tables,
  organizationId: string,
  holder: string,
  lease: number,
): Promise<boolean> {
  const { rows } = await database.query(
    `insert into ${quoted}.organizations as o (organization_id, change_lease, change_lease_until)
values ($1, $2, ${now} + $3::text::bigint)
on conflict (organization_id) do update set change_lease = excluded.change_lease, change_lease_until = excluded.change_lease_until
where o.change_lease is null or o.change_lease_until <= ${now}
returning 1 as taken`,
    [organizationId, holder, String(lease)],
  )
  return rows.length > 0
}

/** Whether the lease is still ours; then it is for another `lease` ms. */
export async function renewChangeLease(
  { database, quoted, now }: Tables,
  organizationId: string,
  holder: string,
  lease: number,
): Promise<boolean> {
  const { rows } = await database.query(
    `update ${quoted}.organizations set change_lease_until = ${now} + $3::text::bigint
where organization_id = $1 and change_lease = $2 and change_lease_until > ${now} returning 1 as renewed`,
    [organizationId, holder, String(lease)],
  )
  return rows.length > 0
}

/** @param unknown ms after which a read sees whatever was left without a known outcome; undefined: nothing was */
export async function releaseChangeLease(
  { database, quoted, now }: Tables,
  organizationId: string,
  holder: string,
  unknown: number | undefined,
): Promise<void> {
  await database.query(
    `update ${quoted}.organizations set change_lease = case when change_lease = $2 then null else change_lease end,
  recount_after = case when $3::text is null then recount_after else greatest(recount_after, ${now} + $3::text::bigint) end
where organization_id = $1`,
    [organizationId, holder, unknown === undefined ? null : String(unknown)],
  )
}

/** Of these members, what a read that began at `at` may say of each. */
export interface Certainty {
  /** The users about whom the read may be believed. */
  readonly certain: ReadonlySet<string>
  /** ms after which a read is to begin, to be believed about more of them; undefined: more time does not help soon. */
  readonly wait: number | undefined
}

/**
 * A read says nothing certain of a member whose last change had not settled when it began, since a replica may be behind,
 * nor of one that a write without a known outcome may still change.
 */
export async function certaintyOf(
  { database, quoted, now }: Tables,
  organizationId: string,
  userIds: readonly string[],
  at: number,
): Promise<Certainty> {
  const { rows } = await database.query(
    `select u.id, (coalesce(o.recount_after, 0) <= $3::text::bigint and coalesce(m.stale_until, 0) <= $3::text::bigint and p.until is null)::text as certain,
  (greatest(o.recount_after, m.stale_until) - ${now})::text as wait, (p.until is not null)::text as pending
from jsonb_array_elements_text($2::text::jsonb) u(id)
left join ${quoted}.memberships m on m.organization_id = $1 and m.user_id = u.id
left join ${quoted}.organizations o on o.organization_id = $1
left join lateral (select max(value::bigint) as until from jsonb_each_text(m.pending_writes) where value::bigint > $3::text::bigint) p on true`,
    [organizationId, JSON.stringify(userIds), String(at)],
  )
  const certain = rows.filter((row) => row.certain === 'true').map((row) => row.id as string)
  const waits = rows
    .filter((row) => row.certain !== 'true' && row.pending !== 'true')
    .map((row) => Math.max(0, Number(row.wait)))
  return { certain: new Set(certain), wait: waits.length === 0 ? undefined : Math.max(...waits) }
}
