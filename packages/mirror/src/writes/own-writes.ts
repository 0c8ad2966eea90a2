import {
  isAPIError,
  isInvalidArgumentError,
  type OrganizationMembership,
  type RequestOptions,
} from '@org-memberships/core'
import { toPathSegment } from '@org-memberships/core/contract'
import type { MirrorContext } from '../options.js'
import { beginWrite, endWrite } from '../rows/pending-writes.js'
import { takeMoment } from '../rows/tables.js'
import { writeResponse } from '../rows/write.js'
import type { Write } from './writes.js'

/** Options of a write through the mirror. */
export interface MirrorWriteOptions extends RequestOptions {
  /** Who does it, for the change feed: a user id, say. Not sent to the API. */
  actor?: string | undefined
}

/**
 * Sends a write with the client, between a mark on its row and the storing of its response. The result and the errors are the
 * client's own. If the database is away before, nothing is sent; if it is away after, the API's response stands, and the row
 * stays stale.
 *
 * @param confirm rejects where nothing may be sent any more; called once the mark is committed
 */
export async function writeThrough(
  context: MirrorContext,
  { member: given, send, stored }: Write,
  { actor, ...options }: MirrorWriteOptions = {},
  confirm?: () => Promise<void>,
): Promise<OrganizationMembership> {
  const { organizationId, userId } = given ?? {}
  toPathSegment('organizationId', organizationId)
  toPathSegment('userId', userId)
  options.signal?.throwIfAborted()
  const { tables, settle, keepPrivateMetadata, onError } = context
  const member = { organizationId, userId }
  const { totalTimeout } = options
  // A call that may go on for longer may also act later.
  const hold =
    totalTimeout === undefined ? context.hold : Math.max(context.hold, totalTimeout + 30_000)
  const pendingWrite = await beginWrite(tables, member, { hold, settle })
  let response: OrganizationMembership
  let sent = false
  try {
    await confirm?.()
    sent = true
    response = await send(options)
  } catch (error) {
    if (!sent || isWithoutEffect(error)) await endWrite(tables, member, pendingWrite).catch(onError)
    throw error
  }
  try {
    const moment = await takeMoment(tables)
    await writeResponse(
      tables,
      { ...member, membership: stored(response) },
      { moment, pendingWrite, settle, actor, keepPrivateMetadata },
    )
  } catch (error) {
    onError(error)
  }
  return response
}

/** Whether nothing of the write can happen any more. A lost response may belong to a write that is still to be carried out. */
function isWithoutEffect(error: unknown): boolean {
  if (isInvalidArgumentError(error)) return true
  return (
    isAPIError(error) &&
    error.status >= 400 &&
    error.status < 500 &&
    error.status !== 408 &&
    !error.afterLostAnswer
  )
}
