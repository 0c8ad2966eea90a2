import { isNotFoundError } from '@org-memberships/core'
import type { MirrorContext } from '../options.js'
import { planReconcile } from '../rows/reconcile-state.js'
import { takeMoment } from '../rows/tables.js'
import { writeReadings } from '../rows/write.js'
import type { RefreshParams, RefreshReport } from './refresh.js'

const backoff = 30_000

/**
 * Renews what memberships embed of an organization that was updated: one member is read, whoever is the newest. False:
 * nothing is due.
 */
export async function refreshOrganizationFacts(
  context: MirrorContext,
  report: RefreshReport,
  { organizationId, signal }: RefreshParams,
): Promise<boolean> {
  const { client, tables, keepPrivateMetadata } = context
  const { database, quoted, now } = tables
  const { rows } = await database.query(
    `update ${quoted}.organizations set next_read_at = ${now} + ${backoff} where organization_id = (
  select organization_id from ${quoted}.organizations
  where stale_version is not null and greatest(next_read_at, stale_until) <= ${now} and ($1::text is null or organization_id = $1)
  order by stale_until limit 1 for update skip locked)
returning organization_id`,
    [organizationId ?? null],
  )
  const id = rows[0]?.organization_id ?? null
  if (id === null) return false
  try {
    const moment = await takeMoment(tables)
    report.requests += 1
    const { data } = await client.list({ organizationId: id, limit: 1 }, { signal })
    const readings = data.flatMap((membership) => {
      const userId = membership.publicUserData?.userId
      return userId === undefined ? [] : [{ organizationId: id, userId, membership }]
    })
    await writeReadings(tables, readings, {
      moment,
      source: 'refresh',
      unknown: 'insert',
      keepPrivateMetadata,
    })
    await database.query(
      `update ${quoted}.organizations set next_read_at = 0,
  stale_version = case when stale_version <= $2::text::bigint then null else stale_version end where organization_id = $1`,
      [id, moment.version],
    )
  } catch (error) {
    signal?.throwIfAborted()
    report.errors.push(error)
    // Whether it is gone is for a reconcile to find out, not for a change of its name.
    if (isNotFoundError(error)) {
      await database.query(
        `update ${quoted}.organizations set stale_version = null, organization = null, version = 0 where organization_id = $1`,
        [id],
      )
      await planReconcile(tables, id, 0)
    }
  }
  return true
}
