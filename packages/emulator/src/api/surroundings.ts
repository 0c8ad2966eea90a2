import { listLimits, type OrganizationJSON, readListQuery } from '@org-memberships/core'
import { searchTextOf } from '../store/user-index.js'
import type { UserRecord } from '../store/records.js'
import { Failure, failures } from './failures.js'
import type { Instance } from './instance.js'
import { toOrganizationJSON } from './presentation.js'
import { toUserJSON, type UserJSON } from './user-presentation.js'

// Read-only answers around the seven routes, from the same seed.

/** Users by `query` and `email_address`, newest first; `limit` and `offset` as on the membership lists. */
export function listUsers({ store }: Instance, search: URLSearchParams): UserJSON[] {
  const page = readListQuery(search, ['limit', 'offset'])
  if (!page.ok) throw new Failure(422, page.errors)
  const { limit = listLimits.defaultLimit, offset = 0 } = page.value
  return usersMatching(store.users, search)
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    .slice(offset, offset + limit)
    .map(toUserJSON)
}

export function countUsers({ store }: Instance, search: URLSearchParams) {
  return { object: 'total_count', total_count: usersMatching(store.users, search).length }
}

export function getUser({ store }: Instance, userId: string): UserJSON {
  const user = store.users.get(userId)
  if (user === undefined) throw failures.user(userId)
  return toUserJSON(user)
}

/** By id or, as upstream, by slug. */
export function getOrganization({ store }: Instance, idOrSlug: string): OrganizationJSON {
  const byId = store.organizations.get(idOrSlug)
  if (byId !== undefined) return toOrganizationJSON(byId)
  for (const organization of store.organizations.values()) {
    if (organization.slug === idOrSlug) return toOrganizationJSON(organization)
  }
  throw failures.organization()
}

function usersMatching(users: Iterable<UserRecord>, search: URLSearchParams): UserRecord[] {
  const query = search.get('query')?.toLowerCase() ?? ''
  const emails = new Set(search.getAll('email_address').map((email) => email.toLowerCase()))
  return [...users].filter(
    (user) =>
      searchTextOf(user).includes(query) &&
      (emails.size === 0 || user.emailAddresses.some((email) => emails.has(email.toLowerCase()))),
  )
}
