import type {
  OrganizationMembershipPage,
  OrganizationMembershipQuery,
  OrganizationRole,
} from '@org-memberships/core'
import { listLimits, listParameters, toUserIdFilter } from '@org-memberships/core/contract'

/** A list query in one spelling: two queries that mean the same list are equal key by key. */
export type NormalizedQuery = Readonly<
  Omit<OrganizationMembershipQuery, 'limit' | 'offset' | 'role' | 'userId'>
> & {
  readonly limit: number
  readonly offset: number
  readonly role?: readonly OrganizationRole[]
  readonly userId?: readonly string[]
}

/** What an infinite list is asked for: where a page begins is the list's own business. */
export type InfiniteOrganizationMembershipQuery = Omit<OrganizationMembershipQuery, 'offset'>

const namespace = '@org-memberships'

/** Names one request. Plain data, so it serves as an SWR key as it is. */
export type PageKey = readonly [
  namespace: typeof namespace,
  organizationId: string,
  list: 'page' | 'infinite',
  query: NormalizedQuery,
]

/** What all keys of this package begin with. */
export const packagePrefix: readonly string[] = [namespace]

/**
 * The SWR key of one page, for use with SWR's own `mutate` and `useSWRConfig().cache`. Queries that mean the same
 * list give the same key.
 */
export function organizationMembershipsKey(
  organizationId: string,
  query?: OrganizationMembershipQuery,
): PageKey {
  return [namespace, organizationId, 'page', normalizeQuery(query)]
}

/** The SWR key of the first page of an infinite list. */
export function infiniteOrganizationMembershipsKey(
  organizationId: string,
  query?: InfiniteOrganizationMembershipQuery,
): PageKey {
  return [namespace, organizationId, 'infinite', normalizeQuery({ ...query, offset: 0 })]
}

/** The SWR key of one member. The API has no route for one, so it is a list of at most one row. */
export function organizationMembershipKey(organizationId: string, userId: string): PageKey {
  const filter = { userId: toUserIdFilter(userId), limit: 1 }
  return organizationMembershipsKey(organizationId, filter)
}

/** The key of page `index` of the list that `first` begins. */
export function pageKeyAt(first: PageKey, index: number): PageKey {
  const [, organizationId, list, query] = first
  return [namespace, organizationId, list, { ...query, offset: index * query.limit }]
}

/** The list whose leaving makes a request pointless: the page itself, or the infinite list that it is part of. */
export function scopeKeyOf(key: PageKey): PageKey {
  return key[2] === 'page' ? key : pageKeyAt(key, 0)
}

/** One string for one key, the same on a server and in a browser. */
export function keyString(key: PageKey): string {
  return JSON.stringify(key)
}

/**
 * Lists deduplicated and sorted, text trimmed, empty values dropped, limit and offset spelled out. A value of a wrong
 * type is left as it is, for the client to refuse by name.
 */
export function normalizeQuery(query: OrganizationMembershipQuery = {}): NormalizedQuery {
  const { limit = listLimits.defaultLimit, offset = 0 } = query
  const complete: OrganizationMembershipQuery = { ...query, limit, offset }
  const normal: { [key: string]: unknown } = {}
  // The order of this table is the order of the keys, whatever order the caller wrote them in.
  for (const [key, { kind }] of Object.entries(listParameters)) {
    const value = normalizeValue(kind, complete[key as keyof OrganizationMembershipQuery])
    if (value !== undefined) normal[key] = value
  }
  return normal as NormalizedQuery
}

type Kind = (typeof listParameters)[keyof typeof listParameters]['kind']

function normalizeValue(kind: Kind, value: unknown): unknown {
  if (kind === 'texts') {
    const values: unknown[] = Array.isArray(value) ? value : [value]
    const kept = values.filter((item) => item !== undefined && item !== '')
    // oxlint-disable-next-line unicorn/no-array-sort -- a fresh array, and browsers of ES2022 have no toSorted
    return kept.length === 0 ? undefined : [...new Set(kept)].sort()
  }
  if (typeof value !== 'string') return value
  const text = value.trim()
  if (kind === 'order') return text === '-created_at' ? undefined : text.replace(/^\+/, '')
  return text === '' ? undefined : text
}

/** Facts that follow from a page's place in its list. */
export interface PagePosition {
  readonly pageCount: number
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

export function positionOf(
  { limit, offset }: NormalizedQuery,
  { totalCount }: OrganizationMembershipPage,
): PagePosition {
  return {
    pageCount: Math.ceil(totalCount / limit),
    hasNextPage: offset + limit < totalCount,
    hasPreviousPage: offset > 0,
  }
}
