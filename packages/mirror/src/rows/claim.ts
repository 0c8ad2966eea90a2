import { type Moment, momentOf, type Tables } from './tables.js'

/** Stale rows of one organization that this process is to read now; nobody else does meanwhile. */
export interface Claim {
  readonly organizationId: string
  readonly userIds: readonly string[]
  /** Taken after the rows were claimed and before the read. */
  readonly moment: Moment
}

export interface ClaimOptions {
  /** ms after which another process may claim the same rows. */
  readonly lease: number
  /** ms before the organization is read again, so that a burst becomes few requests. */
  readonly window: number
  readonly organizationId?: string | undefined
}

/** As many ids as one list takes for a filter. */
export const membersOfOneRead = 100

/** Claims up to 100 stale rows of the organization whose row has been due for longest. */
export async function claimStaleMembers(
  { database, quoted, now }: Tables,
  { lease, window, organizationId }: ClaimOptions,
): Promise<Claim | undefined> {
  const due = `m.stale_version is not null and m.due_at <= ${now} and m.lease_until <= ${now}`
  const { rows } = await database.query(
    `with first as (
  select m.organization_id from ${quoted}.memberships m
  where ${due} and ($2::text is null or m.organization_id = $2)
    and not exists (select from ${quoted}.organizations o where o.organization_id = m.organization_id and o.next_read_at > ${now})
  order by m.due_at limit 1 for update of m skip locked
), claimed as (
  select m.organization_id, m.user_id from ${quoted}.memberships m
  where m.organization_id = (select organization_id from first) and ${due}
  order by m.user_id limit ${membersOfOneRead} for update of m skip locked
), leased as (
  update ${quoted}.memberships m set lease_until = ${now} + $1::text::bigint, attempts = m.attempts + 1
  from claimed c where m.organization_id = c.organization_id and m.user_id = c.user_id
  returning m.organization_id, m.user_id
), read as (
  insert into ${quoted}.organizations as o (organization_id, next_read_at)
  select organization_id, ${now} + $3::text::bigint from leased limit 1
  on conflict (organization_id) do update set next_read_at = excluded.next_read_at
), moment as materialized (
  select nextval('${quoted}.versions') as version, ${now} as at where exists (select from leased)
)
select l.organization_id, l.user_id, moment.version::text as version, moment.at::text as at from leased l, moment
order by l.user_id`,
    [String(lease), organizationId ?? null, String(window)],
  )
  const first = rows[0]
  if (first === undefined) return undefined
  return {
    organizationId: first.organization_id as string,
    userIds: rows.map((row) => row.user_id as string),
    moment: momentOf(first),
  }
}

/** Gives a claim back after a read that failed: the rows are due again after `wait`, which doubles with each failure. */
export async function postponeClaim(
  { database, quoted, now }: Tables,
  { organizationId, userIds }: Claim,
  { wait, longestWait }: { readonly wait: number; readonly longestWait: number },
): Promise<void> {
  await database.query(
    `with failed as (
  select m.organization_id, m.user_id from ${quoted}.memberships m
  join jsonb_array_elements_text($2::text::jsonb) u on m.user_id = u
  where m.organization_id = $1 and m.stale_version is not null order by m.user_id for update of m)
update ${quoted}.memberships m set lease_until = 0,
  due_at = ${now} + least($3::text::bigint * (1 << least(m.attempts - 1, 20)), $4::text::bigint)
from failed f where m.organization_id = f.organization_id and m.user_id = f.user_id`,
    [organizationId, JSON.stringify(userIds), String(wait), String(longestWait)],
  )
}

/** When the next stale row or organization is due: ms from now; undefined where nothing is stale. */
export async function nextDue(
  { database, quoted, now }: Tables,
  organizationId?: string,
): Promise<number | undefined> {
  const { rows } = await database.query(
    `select min(at - ${now})::text as wait from (
  select greatest(m.due_at, m.lease_until, coalesce(o.next_read_at, 0)) as at
  from (select organization_id, due_at, lease_until from ${quoted}.memberships
    where stale_version is not null and ($1::text is null or organization_id = $1) order by due_at limit 200) m
  left join ${quoted}.organizations o using (organization_id)
  union all
  select greatest(stale_until, next_read_at) from ${quoted}.organizations
  where stale_version is not null and ($1::text is null or organization_id = $1)) due`,
    [organizationId ?? null],
  )
  const wait = rows[0]?.wait ?? null
  return wait === null ? undefined : Math.max(0, Number(wait))
}
