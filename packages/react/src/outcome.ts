import { isAPIError, isInvalidArgumentError } from '@org-memberships/core'
import type { Change } from './overlay/change.js'

/**
 * What a failed write means for what is on the screen.
 *
 * - `'refused'`: the server did not act.
 * - `'gone'`: the server does not know the member, so there is none.
 * - `'unknown'`: it may have acted (a timeout, a lost connection, a 5xx, an abort in flight): only a refetch tells.
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
