import type { MirrorContext } from '../options.js'
import { planReconcile } from '../rows/reconcile-state.js'
import { takeMoment, type Tables } from '../rows/tables.js'

/** `unclear`: rows are stale, or the organization has not been listed whole, so there is nothing to compare. */
export type CheckResult = 'renewed' | 'different' | 'unclear'

/**
 * Compares one organization with the API by one request: how many members it has, and who is the newest. If both are as
 * here, every fresh row of it is believed for `trustFor` from the beginning of the request. If not, somebody was added or
 * removed whose event has not come, and a reconcile is due.
 */
export async function checkOrganization(
  { client, tables }: MirrorContext,
  organizationId: string,
  signal?: AbortSignal,
): Promise<CheckResult> {
  if (!(await isComparable(tables, organizationId))) return 'unclear'
  const { at, version } = await takeMoment(tables)
  const { data, totalCount } = await client.list({ organizationId, limit: 1 }, { signal })
  const newest = data[0]?.id ?? null
  const { database, quoted } = tables
  const { rows } = await database.query(
    `with compared as materialized (
  select o.organization_id, ${comparable(quoted)} as comparable,
    -- Written since the request began: the answer may be of before or after.
    o.version <= $5::text::bigint as unchanged,
    o.member_count = $2::text::bigint and (select m.membership_id from ${quoted}.memberships m
      where m.organization_id = $1 and m.membership is not null
      order by m.created_at desc, m.membership_id desc limit 1) is not distinct from $3 as same
  from ${quoted}.organizations o where o.organization_id = $1
), renewed as (
  update ${quoted}.organizations o set checked_at = greatest(o.checked_at, $4::text::bigint)
  from compared c where o.organization_id = c.organization_id and c.comparable and c.same returning 1
)
select (c.comparable and c.unchanged)::text as comparable, c.same::text as same, (select count(*) from renewed)::text as renewed from compared c`,
    [organizationId, String(totalCount), newest, String(at), version],
  )
  const row = rows[0]
  if (row?.renewed === '1') return 'renewed'
  if (row?.comparable !== 'true') return 'unclear'
  await planReconcile(tables, organizationId, 0)
  return 'different'
}

const comparable = (quoted: string) =>
  `(o.listed_version is not null and not exists (select from ${quoted}.memberships s where s.organization_id = o.organization_id and s.stale_version is not null))`

async function isComparable(
  { database, quoted }: Tables,
  organizationId: string,
): Promise<boolean> {
  const { rows } = await database.query(
    `select 1 as found from ${quoted}.organizations o where o.organization_id = $1 and ${comparable(quoted)}`,
    [organizationId],
  )
  return rows.length > 0
}
