import type { OrganizationMembershipQuery } from '@org-memberships/core'
import { sortKey } from './sort-keys.js'

/** What a list asks for, in terms of the mirror's columns. */
export interface Selection {
  /** Empty: every role. */
  readonly roles: readonly string[]
  /** Undefined: everybody. */
  readonly includedUsers: readonly string[] | undefined
  readonly excludedUsers: readonly string[]
  /** In lower case, as `sort_username` is. */
  readonly usernames: readonly string[] | undefined
  /** Parts of a username, in lower case. */
  readonly usernamePart: string | undefined
  /** A part of first and last name, in lower case. */
  readonly namePart: string | undefined
  readonly order: Order
}

export interface Order {
  readonly column: 'created_at' | 'sort_first_name' | 'sort_last_name' | 'sort_username'
  readonly isDescending: boolean
}

const orderColumns: { readonly [field: string]: Order['column'] } = {
  created_at: 'created_at',
  first_name: 'sort_first_name',
  last_name: 'sort_last_name',
  username: 'sort_username',
}

/** Memberships do not say when their user was created or active, nor hold more than one contact. */
const unknownFilters = [
  'query',
  'emailAddress',
  'phoneNumber',
  'web3Wallet',
  'emailAddressQuery',
  'phoneNumberQuery',
  'createdAtBefore',
  'createdAtAfter',
  'lastActiveAtBefore',
  'lastActiveAtAfter',
] as const satisfies readonly (keyof OrganizationMembershipQuery)[]

/**
 * @returns the name of the parameter that the mirror's rows cannot answer, where there is one
 */
export function readSelection(query: OrganizationMembershipQuery): Selection | { unknown: string } {
  const unknown = unknownFilters.find((name) => isGiven(query[name]))
  if (unknown !== undefined) return { unknown }
  const order = readOrder(query.orderBy)
  if (order === undefined) return { unknown: 'orderBy' }

  const included = new Set<string>()
  const excluded = new Set<string>()
  for (const id of textsOf(query.userId)) {
    if (id.startsWith('-')) excluded.add(id.slice(1))
    // A blank is what servers make of a `+` that was not encoded.
    else included.add(id.replace(/^[+ ]/, ''))
  }
  const usernames = textsOf(query.username).map((name) => sortKey(name) as string)
  return {
    roles: [...new Set<string>(textsOf(query.role))],
    includedUsers: included.size > 0 ? [...included] : undefined,
    excludedUsers: [...excluded],
    usernames: usernames.length > 0 ? usernames : undefined,
    usernamePart: query.usernameQuery?.toLowerCase() || undefined,
    namePart: query.nameQuery?.toLowerCase() || undefined,
    order,
  }
}

/** Newest first by default. `undefined` for an order by what memberships do not say. */
function readOrder(orderBy = '-created_at'): Order | undefined {
  const column = orderColumns[orderBy.replace(/^[+-]/, '')]
  return column && { column, isDescending: orderBy.startsWith('-') }
}

/** No text and no values: the API does not filter by them. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
}

function textsOf<Text extends string>(value: Text | readonly Text[] | undefined): readonly Text[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
