import type { OrganizationMembership } from '@org-memberships/core'
import { toPathSegment } from '@org-memberships/core/contract'
import type { MirrorContext } from '../options.js'
import type { MemberId } from '../rows/tables.js'
import { inspectMember, type InspectedMember } from '../rows/trusted.js'

/** What the mirror knows of a member, and how well. Nothing is asked of the API. */
export interface Inspection {
  /**
   * `trusted`: `get` answers it. `old`: nothing is known against it, and `get` has it checked first. `stale`: a change was
   * announced, or made, that has not been read yet. `unknown`: there is no row.
   */
  readonly state: 'trusted' | 'old' | 'stale' | 'unknown'
  /** As it was last read, whatever the state; null: not a member, or not known. */
  readonly membership: OrganizationMembership | null
  /** ms since it was read; undefined: never. */
  readonly age: number | undefined
  /** ms since it was read or its organization was checked; undefined: never. */
  readonly checkedAge: number | undefined
}

export async function inspect(
  { tables, trustFor }: MirrorContext,
  { organizationId, userId }: MemberId,
): Promise<Inspection> {
  toPathSegment('organizationId', organizationId)
  toPathSegment('userId', userId)
  const found: InspectedMember | undefined = await inspectMember(
    tables,
    { organizationId, userId },
    trustFor,
  )
  return found ?? { state: 'unknown', membership: null, age: undefined, checkedAge: undefined }
}
