import type { Tables } from './tables.js'

/** How many rows of an organization may go at once: more than this share and more than this number need a permission. */
export const removalLimit = { share: 0.2, rows: 10 } as const

export interface MissingResult {
  /** Rows that the list did not show, and that are stale now: a read of each decides. */
  readonly missing: number
  readonly members: number
  /** True: too many to believe. Nothing was done. */
  readonly refused: boolean
}

/**
 * After a whole list of an organization: fresh members that it did not show become stale. Nobody is removed here, since a
 * list that changes while it is read may leave someone out.
 *
 * @param version of the moment before the list began
 */
export async function invalidateMissing(
  { database, quoted, now, schema }: Tables,
  organizationId: string,
  version: string,
  { allowRemovals }: { readonly allowRemovals: boolean },
): Promise<MissingResult> {
  const { rows } = await database.query(
    `with missing as materialized (
  select user_id from ${quoted}.memberships
  where organization_id = $1 and membership is not null and stale_version is null and version < $2::text::bigint
  order by user_id for update
), judged as materialized (
  select (select count(*) from missing) as missing,
    (select count(*) from ${quoted}.memberships where organization_id = $1 and membership is not null) as members
), hints as (
  update ${quoted}.memberships m set stale_version = nextval('${quoted}.versions'), due_at = ${now}
  from missing, judged j
  where m.organization_id = $1 and m.user_id = missing.user_id
    and ($3 = 'true' or not (j.missing > ${removalLimit.rows} and j.missing > ${removalLimit.share} * j.members))
  returning 1
)
select j.missing::text as missing, j.members::text as members,
  (j.missing > 0 and (select count(*) from hints) = 0)::text as refused,
  (select count(pg_notify($4, 'stale')) from (select from hints limit 1) h)::text as notified
from judged j`,
    [organizationId, version, String(allowRemovals), schema],
  )
  const row = rows[0]!
  return {
    missing: Number(row.missing),
    members: Number(row.members),
    refused: row.refused === 'true',
  }
}
