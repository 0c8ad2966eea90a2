import type { OrganizationJSON } from '@org-memberships/core/contract'
import { failures } from './failures.js'
import type { Instance } from './instance.js'
import { toOrganizationJSON } from './presentation.js'
import { countMatchingUsers, findUsers } from './user-list.js'
import { toUserJSON, type UserJSON } from './user-presentation.js'

// Read-only answers around the seven routes, from the same seed.

export function listUsers(instance: Instance, search: URLSearchParams): UserJSON[] {
  return findUsers(instance, search).map(({ row }) => toUserJSON(row))
}

export function countUsers(instance: Instance, search: URLSearchParams) {
  return { object: 'total_count', total_count: countMatchingUsers(instance, search) }
}

export function getUser({ store }: Instance, userId: string): UserJSON {
  const user = store.users.get(userId)
  if (user === undefined) throw failures.user(userId)
  return toUserJSON(user.row)
}

/** By id or, as upstream, by slug. */
export function getOrganization({ store }: Instance, idOrSlug: string): OrganizationJSON {
  const byId = store.organizations.get(idOrSlug)
  if (byId !== undefined) return toOrganizationJSON(byId)
  for (const organization of store.organizations.values()) {
    if (organization.row.slug === idOrSlug) return toOrganizationJSON(organization)
  }
  throw failures.organization()
}
