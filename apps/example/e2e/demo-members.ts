import type { OrganizationMembership } from '@org-memberships/core'
import type { Emulator } from '@org-memberships/emulator'
import type { DemoMembership } from '../api/seed/demo-organization.js'
import { demo, truthOf } from './running-example.js'

/** The members as the page lists them: the newest first. */
export const newestFirst = demo.memberships.toReversed()

export function nameOf({ person }: Pick<DemoMembership, 'person'>): string {
  return `${person.firstName} ${person.lastName}`
}

/** The changes that reached the emulator, in order: `PATCH role org:admin`, `PATCH public_metadata {…}`, `DELETE`. */
export function writesOf({ requests }: Emulator, userId: string): string[] {
  return requests
    .filter(({ method, path }) => method !== 'GET' && path.includes(userId))
    .map(({ method, body }) => {
      const [field, value] = Object.entries((body ?? {}) as object)[0] ?? []
      if (field === undefined) return method
      return `${method} ${field} ${typeof value === 'string' ? value : JSON.stringify(value)}`
    })
}

/** One membership as the emulator holds it; `null` for who is not a member. */
export async function stored(
  emulator: Emulator,
  userId: string,
): Promise<OrganizationMembership | null> {
  return truthOf(emulator).get({ organizationId: demo.id, userId })
}
