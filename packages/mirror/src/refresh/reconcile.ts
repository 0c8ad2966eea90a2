import {
  isNotFoundError,
  type OrganizationMembership,
  type OrganizationMembershipPage,
} from '@org-memberships/core'
import { MirrorError, UnconfirmedRemovalError } from '../errors.js'
import type { MirrorContext } from '../options.js'
import { invalidateMissing, removalLimit } from '../rows/missing.js'
import {
  claimReconcile,
  endReconcile,
  keepPosition,
  leaveReconcile,
  type ReconcileScope,
  type RunningReconcile,
  type WalkPosition,
} from '../rows/reconcile-state.js'
import { takeMoment } from '../rows/tables.js'
import { type Reading, writeReadings } from '../rows/write.js'
import { isOrganizationGone } from './members.js'
import { pause } from './pause.js'
import { assertSameInstance } from './same-instance.js'
import { addTo, emptyReport, refresh, type RefreshReport } from './refresh.js'
import { pageSize, takePage } from './walk.js'

export interface ReconcileParams {
  /** Only this organization. @default the whole instance */
  organizationId?: string | undefined
  /**
   * Believes an API that says that more than 20 % and more than 10 of an organization's members are gone at once, or that
   * there is no such organization. @default false
   */
  allowRemovals?: boolean | undefined
  signal?: AbortSignal | undefined
}

const lease = 60_000
/** Writes are kept short: others wait for their locks. */
const rowsOfOneWrite = 100

/**
 * Compares the rows with the API, page by page while changes go on. Nobody is removed because a list left him out: each
 * one that is missing is asked about. Ended anywhere, it has done nothing wrong, and the next one goes on from there.
 *
 * @throws UnconfirmedRemovalError where too much would be removed; everything else has been done
 */
export async function reconcile(
  context: MirrorContext,
  { organizationId, allowRemovals = false, signal }: ReconcileParams = {},
): Promise<RefreshReport> {
  const scope: ReconcileScope = organizationId === undefined ? 'instance' : { organizationId }
  const running = await claim(context, scope, signal)
  const report = emptyReport()
  let refused: UnconfirmedRemovalError[]
  try {
    refused =
      scope === 'instance'
        ? await reconcileInstance(context, running, report, allowRemovals, signal)
        : await reconcileOrganization(
            context,
            scope.organizationId,
            running,
            report,
            allowRemovals,
            signal,
          )
  } catch (error) {
    await leaveReconcile(context.tables, scope, running, waitAfterFailure).catch(context.onError)
    throw error
  }
  await refreshMissing(context, organizationId, report, signal)
  if (refused.length === 1) throw refused[0]
  if (refused.length > 1) {
    throw new UnconfirmedRemovalError(refused.map(({ message }) => message).join('\n'))
  }
  return report
}

const waitAfterFailure = 10_000

async function claim(
  { tables }: MirrorContext,
  scope: ReconcileScope,
  signal: AbortSignal | undefined,
): Promise<RunningReconcile> {
  for (;;) {
    signal?.throwIfAborted()
    const running = await claimReconcile(tables, scope, lease)
    if (running !== undefined) return running
    // Another process is at it. This one is to begin after it was asked for, so it waits.
    await pause(250, signal)
  }
}

async function reconcileOrganization(
  context: MirrorContext,
  organizationId: string,
  running: RunningReconcile,
  report: RefreshReport,
  allowRemovals: boolean,
  signal: AbortSignal | undefined,
): Promise<UnconfirmedRemovalError[]> {
  const { client, tables } = context
  const scope = { organizationId }
  try {
    await walk(context, scope, running, report, signal, (page) =>
      client.list({ organizationId, orderBy: '+created_at', ...page }, { signal }),
    )
  } catch (error) {
    if (!isNotFoundError(error)) throw error
    if (!allowRemovals && !(await isOrganizationGone(context, organizationId, signal))) {
      await endReconcile(tables, scope, running, undefined)
      await forgetListing(context, organizationId)
      return [
        new UnconfirmedRemovalError(
          `The API finds no organization ${organizationId}, and nothing else says that it is gone: is the client's key of the right instance? Its members stay as they are.`,
          { cause: error },
        ),
      ]
    }
    await removeEverybody(context, organizationId, report)
    await endReconcile(tables, scope, running, undefined)
    await forgetListing(context, organizationId)
    return []
  }
  const refused = await markMissing(context, organizationId, running, allowRemovals)
  await endReconcile(tables, scope, running, undefined)
  if (refused !== undefined) await forgetListing(context, organizationId)
  return refused === undefined ? [] : [refused]
}

async function reconcileInstance(
  context: MirrorContext,
  running: RunningReconcile,
  report: RefreshReport,
  allowRemovals: boolean,
  signal: AbortSignal | undefined,
): Promise<UnconfirmedRemovalError[]> {
  const { client, tables, reconcileEvery } = context
  await walk(context, 'instance', running, report, signal, async (page) => {
    const memberships = await client.listForInstance(
      { orderBy: '+created_at', ...page },
      { signal },
    )
    if (page.offset === 0 && !allowRemovals) await assertSameInstance(tables, memberships)
    return memberships
  })
  const { rows } = await tables.database.query(
    `select distinct organization_id from ${tables.quoted}.memberships
where membership is not null and stale_version is null and version < $1::text::bigint`,
    [running.start.version],
  )
  const refused: UnconfirmedRemovalError[] = []
  const except: string[] = []
  for (const row of rows) {
    const organizationId = row.organization_id as string
    const error = await markMissing(context, organizationId, running, allowRemovals)
    if (error === undefined) continue
    refused.push(error)
    except.push(organizationId)
  }
  await endReconcile(tables, 'instance', running, reconcileEvery, except)
  for (const organizationId of except) await forgetListing(context, organizationId)
  return refused
}

/** Reads every page, and stores it. */
async function walk(
  { tables, keepPrivateMetadata }: MirrorContext,
  scope: ReconcileScope,
  running: RunningReconcile,
  report: RefreshReport,
  signal: AbortSignal | undefined,
  readPage: (page: { limit: number; offset: number }) => Promise<OrganizationMembershipPage>,
): Promise<void> {
  let position: WalkPosition | undefined = running.position
  // What is read now is newer than the start of a walk that was left. That of a new one is of now.
  let moment = position.newest === null ? running.start : await takeMoment(tables)
  while (position !== undefined) {
    signal?.throwIfAborted()
    report.requests += 1
    const step = takePage(position, await readPage({ limit: pageSize, offset: position.offset }))
    const readings = step.memberships.flatMap(readingOf)
    // At least once: each write gives the moment for the next page.
    for (let from = 0; from === 0 || from < readings.length; from += rowsOfOneWrite) {
      const { next, ...result } = await writeReadings(
        tables,
        readings.slice(from, from + rowsOfOneWrite),
        {
          moment,
          source: 'reconcile',
          unknown: 'insert',
          keepPrivateMetadata,
        },
      )
      addTo(report, { ...result, next })
      if (from + rowsOfOneWrite >= readings.length) moment = next
    }
    position = step.next
    if (position !== undefined && !(await keepPosition(tables, scope, running, position, lease))) {
      throw new MirrorError('Another process went on with this reconcile, and has ended it.')
    }
  }
}

function readingOf(membership: OrganizationMembership): Reading[] {
  const userId = membership.publicUserData?.userId
  // Without its user it is not known whose it is.
  if (userId === undefined) return []
  return [{ organizationId: membership.organization.id, userId, membership }]
}

async function markMissing(
  { tables }: MirrorContext,
  organizationId: string,
  { start }: RunningReconcile,
  allowRemovals: boolean,
): Promise<UnconfirmedRemovalError | undefined> {
  const { missing, members, refused } = await invalidateMissing(
    tables,
    organizationId,
    start.version,
    {
      allowRemovals,
    },
  )
  if (!refused) return undefined
  return new UnconfirmedRemovalError(
    `The API lists ${missing} of ${members} members of ${organizationId} no more, which is more than ${removalLimit.share * 100} % and more than ${removalLimit.rows}. ` +
      'They stay as they are. If it is true, call reconcile({ organizationId, allowRemovals: true }).',
  )
}

/** Its lists go to the API from now on. */
async function forgetListing({ tables }: MirrorContext, organizationId: string): Promise<void> {
  await tables.database.query(
    `update ${tables.quoted}.organizations set listed_version = null, listed_at = null, checked_at = 0 where organization_id = $1`,
    [organizationId],
  )
}

async function removeEverybody(
  { tables, keepPrivateMetadata }: MirrorContext,
  organizationId: string,
  report: RefreshReport,
): Promise<void> {
  const moment = await takeMoment(tables)
  const { rows } = await tables.database.query(
    `select user_id from ${tables.quoted}.memberships where organization_id = $1 order by user_id`,
    [organizationId],
  )
  for (let from = 0; from < rows.length; from += rowsOfOneWrite) {
    const readings = rows
      .slice(from, from + rowsOfOneWrite)
      .map((row) => ({ organizationId, userId: row.user_id as string, membership: null }))
    addTo(
      report,
      await writeReadings(tables, readings, {
        moment,
        source: 'reconcile',
        unknown: 'ignore',
        keepPrivateMetadata,
      }),
    )
  }
}

/** Asks about each member that the list left out, a hundred to a request. */
async function refreshMissing(
  context: MirrorContext,
  organizationId: string | undefined,
  report: RefreshReport,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { requests, added, changed, removed, errors } = await refresh(context, {
    organizationId,
    signal,
  })
  report.requests += requests
  report.added += added
  report.changed += changed
  report.removed += removed
  report.errors.push(...errors)
}
