import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import { MirrorError } from '../errors.js'
import type { WalkPosition } from '../rows/reconcile-state.js'

export const pageSize = 500
/** Rows of the page before that a page repeats: removals meanwhile move the list to the left. */
const overlap = 10

export interface WalkStep {
  readonly memberships: readonly OrganizationMembership[]
  /** Where the walk goes on; undefined at its end. */
  readonly next: WalkPosition | undefined
}

/**
 * What a page of a list in the order of creation is worth. A page whose first row is newer than all that came leaves a
 * gap: so many older ones were removed meanwhile that the list has moved past it. The walk then steps back.
 */
export function takePage(
  { offset, newest }: WalkPosition,
  { data, totalCount }: OrganizationMembershipPage,
): WalkStep {
  const first = data[0]
  const joins =
    offset === 0 || (first !== undefined && first.createdAt <= (newest ?? first.createdAt))
  if (!joins) {
    return { memberships: data, next: { offset: Math.max(0, offset - pageSize + overlap), newest } }
  }
  const end = offset + data.length
  if (end >= totalCount) return { memberships: data, next: undefined }
  if (data.length < 2) {
    throw new MirrorError(
      `A list of ${totalCount} memberships has a page of ${data.length} in its middle.`,
    )
  }
  const seen = data.reduce((latest, { createdAt }) => Math.max(latest, createdAt), newest ?? 0)
  return {
    memberships: data,
    next: { offset: end - Math.min(overlap, data.length >> 1), newest: seen },
  }
}
