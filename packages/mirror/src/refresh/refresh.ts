import { isRateLimitError } from '@org-memberships/core'
import { UnconfirmedRemovalError } from '../errors.js'
import type { MirrorContext } from '../options.js'
import { type Claim, claimStaleMembers, nextDue, postponeClaim } from '../rows/claim.js'
import { writeReadings, type WriteResult } from '../rows/write.js'
import { isOrganizationGone, readMembers } from './members.js'
import { refreshOrganizationFacts } from './organization-facts.js'
import { pause } from './pause.js'

/** What a refresh did. */
export interface RefreshReport {
  /** Requests to the API. */
  requests: number
  added: number
  changed: number
  removed: number
  /** What failed, once for each attempt. These rows stay stale, and are due again later. */
  readonly errors: unknown[]
}

export interface RefreshParams {
  /** Only this organization. @default all */
  organizationId?: string | undefined
  signal?: AbortSignal | undefined
}

export const refreshLease = 30_000
const firstBackoff = 1000
const longestBackoff = 300_000
/** Enough for an API that answers slowly; what is stale then is left to the next refresh. */
const longestRefresh = 60_000

/**
 * Reads what is stale, until nothing is left that becomes due soon. Safe beside other refreshes: each claims rows, which
 * the others leave alone.
 */
export async function refresh(
  context: MirrorContext,
  { organizationId, signal }: RefreshParams = {},
): Promise<RefreshReport> {
  const report = emptyReport()
  const { tables, settle, refreshWindow } = context
  const end = performance.now() + longestRefresh
  while (performance.now() < end) {
    signal?.throwIfAborted()
    if (await refreshOnce(context, report, { organizationId, signal })) continue
    const wait = await nextDue(tables, organizationId)
    // A row that waits for longer waits for a backoff, or for a write of ours.
    if (wait === undefined || wait > settle + refreshWindow + 50) break
    await pause(Math.max(wait, 5), signal)
  }
  return report
}

/** One request about the stale rows of one organization. False: nothing is due. */
export async function refreshOnce(
  context: MirrorContext,
  report: RefreshReport,
  { organizationId, signal }: RefreshParams = {},
): Promise<boolean> {
  const { tables, refreshWindow } = context
  const claim = await claimStaleMembers(tables, {
    lease: refreshLease,
    window: refreshWindow,
    organizationId,
  })
  if (claim === undefined)
    return refreshOrganizationFacts(context, report, { organizationId, signal })
  try {
    addTo(report, await refreshClaim(context, claim, report, signal))
  } catch (error) {
    const wait = isRateLimitError(error)
      ? Math.max(firstBackoff, error.retryAfter ?? 0)
      : firstBackoff
    await postponeClaim(tables, claim, { wait, longestWait: Math.max(wait, longestBackoff) })
    signal?.throwIfAborted()
    report.errors.push(error)
  }
  return true
}

async function refreshClaim(
  context: MirrorContext,
  { organizationId, userIds, moment }: Claim,
  report: RefreshReport,
  signal: AbortSignal | undefined,
): Promise<WriteResult> {
  const { client, tables, keepPrivateMetadata } = context
  report.requests += 1
  const result = await readMembers(client, organizationId, userIds, signal)
  if (!result.found && !(await isOrganizationGone(context, organizationId, signal))) {
    throw new UnconfirmedRemovalError(
      `The API finds no organization ${organizationId}, and nothing else says that it is gone: is the client's key of the right instance? Its members stay as they are.`,
      { cause: result.error },
    )
  }
  const readings = result.found
    ? result.readings
    : userIds.map((userId) => ({ organizationId, userId, membership: null }))
  return writeReadings(tables, readings, {
    moment,
    source: 'refresh',
    unknown: 'ignore',
    keepPrivateMetadata,
  })
}

export function emptyReport(): RefreshReport {
  return { requests: 0, added: 0, changed: 0, removed: 0, errors: [] }
}

export function addTo(report: RefreshReport, { added, changed, removed }: WriteResult): void {
  report.added += added
  report.changed += changed
  report.removed += removed
}
