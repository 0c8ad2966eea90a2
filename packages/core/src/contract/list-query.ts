import type { OrganizationMembershipQuery } from './domain.js'

/** How the value of one list parameter is written in a URL. */
export type ListParameterKind = 'integer' | 'timestamp' | 'order' | 'text' | 'texts'

export interface ListParameter {
  /** The name in the URL. */
  readonly name: string
  /** `texts` repeats the name once for each value; `timestamp` is an integer of milliseconds. */
  readonly kind: ListParameterKind
}

/** Every parameter of the list route, under the name it has in TypeScript. */
export const listParameters = {
  limit: { name: 'limit', kind: 'integer' },
  offset: { name: 'offset', kind: 'integer' },
  orderBy: { name: 'order_by', kind: 'order' },
  role: { name: 'role', kind: 'texts' },
  userId: { name: 'user_id', kind: 'texts' },
  emailAddress: { name: 'email_address', kind: 'texts' },
  phoneNumber: { name: 'phone_number', kind: 'texts' },
  username: { name: 'username', kind: 'texts' },
  web3Wallet: { name: 'web3_wallet', kind: 'texts' },
  query: { name: 'query', kind: 'text' },
  emailAddressQuery: { name: 'email_address_query', kind: 'text' },
  phoneNumberQuery: { name: 'phone_number_query', kind: 'text' },
  usernameQuery: { name: 'username_query', kind: 'text' },
  nameQuery: { name: 'name_query', kind: 'text' },
  lastActiveAtBefore: { name: 'last_active_at_before', kind: 'timestamp' },
  lastActiveAtAfter: { name: 'last_active_at_after', kind: 'timestamp' },
  createdAtBefore: { name: 'created_at_before', kind: 'timestamp' },
  createdAtAfter: { name: 'created_at_after', kind: 'timestamp' },
} as const satisfies Record<keyof OrganizationMembershipQuery, ListParameter>

/** For loops: made once, for they are walked at each call. */
export const listParameterEntries = Object.entries(listParameters) as [
  keyof OrganizationMembershipQuery,
  ListParameter,
][]

/** The fields a list can be ordered by; a `+` or `-` may stand before one. */
export const orderFields = [
  'phone_number',
  'email_address',
  'created_at',
  'first_name',
  'last_name',
  'username',
] as const

/** Bounds that the API sets on a list. */
export const listLimits = {
  minimumLimit: 1,
  defaultLimit: 10,
  maximumLimit: 500,
  /** Values in one repeated parameter. */
  maximumValues: 100,
} as const

/** The URL parameters of a list. An absent value and an empty array send nothing; a zero is sent. */
export function toListSearchParams(query: OrganizationMembershipQuery): URLSearchParams {
  return new URLSearchParams(listSearch(query))
}

/** The same as text. By hand: React Native's URLSearchParams is not complete. */
export function listSearch(query: OrganizationMembershipQuery): string {
  const search: string[] = []
  for (const [key, { name }] of listParameterEntries) {
    const value = query[key]
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value])
      search.push(`${name}=${encodeURIComponent(String(item))}`)
  }
  return search.join('&')
}

/**
 * The value of the `user_id` filter that finds one user. `+` and `-` are operators there, so an id that starts with one is
 * given an explicit `+`; with a blank too, since a server takes a blank there for a `+` that was not encoded.
 */
export function toUserIdFilter(userId: string): string {
  return /^[+\-\s]/.test(userId) ? `+${userId}` : userId
}
