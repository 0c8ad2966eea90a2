import type { NormalizedQuery } from '../pages/keys.js'
import type { Presence } from './presence.js'

/**
 * What one user adds to a list's total: nothing, one, or something that cannot be told here.
 *
 * - `'ifFound'`: one if the user matches the filters that only the server can apply (names, e-mail addresses, dates).
 *   No write of ours changes that, so two of these are equal.
 * - `'unknown'`: the role is not known.
 */
export type Contribution = 0 | 1 | 'ifFound' | 'unknown'

/** @param isFound whether the user matches the filters that only the server can apply, where that is known */
export function contributionTo(
  query: NormalizedQuery,
  userId: string,
  state: Presence,
  isFound = matchesServerSide(query, userId),
): Contribution {
  if (!state.isMember || isFound === false) return 0
  if (query.role) {
    if (state.role === undefined) return 'unknown'
    const roles: readonly string[] = query.role
    if (!roles.includes(state.role)) return 0
  }
  return isFound ? 1 : 'ifFound'
}

const appliedHere = new Set(['limit', 'offset', 'orderBy', 'role', 'userId'])

function matchesServerSide(query: NormalizedQuery, userId: string): boolean | undefined {
  if (query.userId && !matchesUserId(query.userId, userId)) return false
  return Object.keys(query).every((key) => appliedHere.has(key)) ? true : undefined
}

/** `-id` excludes, `+id` and a bare id include; only exclusions given means everybody else. */
function matchesUserId(filter: readonly string[], userId: string): boolean {
  if (filter.includes(`-${userId}`)) return false
  const included = filter.filter((value) => !value.startsWith('-'))
  return included.length === 0 || included.includes(userId) || included.includes(`+${userId}`)
}
