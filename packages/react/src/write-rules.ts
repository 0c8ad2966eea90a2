import type { OrganizationMembership } from '@org-memberships/core'
import type { Change } from './overlay/change.js'
import type { Operation } from './overlay/operation.js'
import { ComposedChange } from './overlay/composed-change.js'
import type { Ended } from './queue.js'
import type { OrganizationMembershipsAPI } from './types.js'

/** A write that was not sent, because the one before it had made it pointless. `cause` is that one's error, if any. */
export class WriteNotSentError extends Error {
  override readonly name = 'WriteNotSentError'
}

/** The request that a change is. */
export function requestChange(
  api: OrganizationMembershipsAPI,
  member: { organizationId: string; userId: string },
  change: Change,
  signal: AbortSignal,
): Promise<OrganizationMembership> {
  const options = { signal }
  switch (change.kind) {
    case 'create': {
      const { role, publicMetadata } = change
      const metadata = publicMetadata && { publicMetadata }
      return api.create({ ...member, role, ...metadata }, options)
    }
    case 'update':
      return api.update({ ...member, role: change.role }, options)
    case 'updateMetadata': {
      const { publicMetadata } = change
      return api.updateMetadata({ ...member, publicMetadata }, options)
    }
    case 'delete':
      return api.delete(member, options)
  }
}

export function composeChanges(operations: readonly Operation[]): Change {
  const [first, ...others] = operations as [Operation, ...Operation[]]
  const composed = new ComposedChange(first.change)
  for (const { change } of others) composed.add(change)
  return composed.value
}

/** Refused for what the request says: of several patches in it, one may be alone at fault. */
export function isAboutContent(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && Reflect.get(error, 'status')
  return status === 400 || status === 422
}

/** Why a write that waited behind another must not be sent, if so. Adding somebody again is always worth a request. */
export function refusalAfter(
  { write, error }: Ended<Operation>,
  { change, userId }: Operation,
): Error | undefined {
  if (change.kind === 'create') return undefined
  const what = `The ${change.kind} of ${userId} was not sent`
  if (write.change.kind === 'create' && error !== undefined) {
    return new WriteNotSentError(`${what}, because adding the member had failed.`, { cause: error })
  }
  if (write.change.kind === 'delete' && error === undefined) {
    return new WriteNotSentError(`${what}, because the member had been removed.`)
  }
  return undefined
}
