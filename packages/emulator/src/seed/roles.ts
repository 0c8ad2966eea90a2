import { createRole, defaultRoles, type Role } from '../store/roles.js'
import type { SeedRole } from './seed.js'

/** The roles of a new instance, and the seed's, which may take the place of one. */
export function rolesOf(given: readonly SeedRole[]): readonly Role[] {
  const roles = new Map(defaultRoles.map((role) => [role.key, role]))
  for (const { key, name, permissions = [] } of given) {
    roles.set(key, createRole(key, name ?? nameOf(key), permissions))
  }
  return [...roles.values()]
}

/** `org:billing_manager` is shown as `Billing manager`. */
function nameOf(key: string): string {
  const words = key.slice('org:'.length).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
