import { isAPIError, isInvalidArgumentError } from '@org-memberships/core'
import type { Change } from './overlay/operation.js'

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
  // An earlier attempt of the same call got no answer: that one may have acted.
  if (Reflect.get(error, 'afterLostAnswer') === true) return 'unknown'
  if (error.status >= 500 || error.status === 408) return 'unknown'
  if (error.status !== 404 || kind === 'create') return 'refused'
  const isAboutRole = error.errors.some(({ meta }) => meta?.param_name === 'role')
  return isAboutRole ? 'refused' : 'gone'
}
