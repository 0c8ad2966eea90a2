import type { OrganizationMembership } from '@org-memberships/core'

/** What lists by a name are ordered by, and searched in. Null: no such name, which comes last upwards. */
export interface SortKeys {
  readonly first_name: string | null
  readonly last_name: string | null
  readonly username: string | null
}

/** An index entry has room for some 2,700 bytes, ids included. Names that begin alike for so long are ordered by age. */
const longestKey = 255

/**
 * The lower case of a name is made here and stored: databases make it by the language they were set up with, or for ASCII
 * only, so that the same list would come in another order on another server.
 */
export function sortKeys({ publicUserData: user }: OrganizationMembership): SortKeys {
  return {
    first_name: sortKey(user?.firstName),
    last_name: sortKey(user?.lastName),
    username: sortKey(user?.username),
  }
}

export function sortKey(name: string | null | undefined): string | null {
  return name?.toLowerCase().slice(0, longestKey) ?? null
}
