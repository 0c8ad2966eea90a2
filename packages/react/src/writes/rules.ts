import {
  isAPIError,
  isInvalidArgumentError,
  type OrganizationMembership,
} from '@org-memberships/core'
import type { Change } from '../members/presence.js'
import type { OrganizationMembershipsAPI } from '../types.js'

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
      return api.create({ ...member, role, ...(publicMetadata && { publicMetadata }) }, options)
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

/**
 * What a failed write means for what is on the screen.
 *
 * - `'refused'`: the server did not act.
 * - `'gone'`: the server does not know the member, so there is none.
 * - `'unknown'`: it may have acted (a timeout, a lost connection, a 5xx, an abort in flight): only a refetch can say.
 */
export type FailureMeaning = 'refused' | 'gone' | 'unknown'

export function meaningOf(error: unknown, kind: Change['kind']): FailureMeaning {
  if (isInvalidArgumentError(error)) return 'refused'
  if (!isAPIError(error)) return 'unknown'
  const { status, errors, afterLostAnswer } = error
  const isAboutRole = errors.some(({ meta }) => meta?.param_name === 'role')
  if (status === 404 && kind !== 'create' && !isAboutRole) return 'gone'
  // An earlier attempt of the same call that got no answer may have acted, too.
  return afterLostAnswer || status >= 500 || status === 408 ? 'unknown' : 'refused'
}

/** Refused for what the request says: of several patches in it, one may be alone at fault. */
export function isAboutContent(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && Reflect.get(error, 'status')
  return status === 400 || status === 422
}

/**
 * Why a write that waited behind another must not be sent, if so. Adding somebody again is always worth a request.
 *
 * @param error of the write before; absent after success
 */
export function reasonNotToSend(
  userId: string,
  kind: Change['kind'],
  before: Change['kind'],
  error: unknown,
): Error | undefined {
  if (kind === 'create') return undefined
  const what = `The ${kind} of ${userId} was not sent`
  if (before === 'create' && error !== undefined) {
    return new WriteNotSentError(`${what}, because adding the member had failed.`, {
      cause: error,
    })
  }
  if (before === 'delete' && error === undefined) {
    return new WriteNotSentError(`${what}, because the member had been removed.`)
  }
  return undefined
}
