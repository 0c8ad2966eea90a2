/** ms. A request that was carried out at all is, with all likelihood, carried out by then. */
const uncertainFor = 30_000

/**
 * Members of whom a change was sent and its outcome is not known: the answer was lost, and the request may still be on
 * its way. For a while they count as gone where that is the safe side.
 */
export class UncertainMembers {
  readonly #members = new Map<string, Map<string, NodeJS.Timeout>>()

  add(organizationId: string, userId: string): void {
    const members = this.#members.get(organizationId) ?? new Map<string, NodeJS.Timeout>()
    this.#members.set(organizationId, members)
    clearTimeout(members.get(userId))
    const timer = setTimeout(() => {
      members.delete(userId)
      if (members.size === 0) this.#members.delete(organizationId)
    }, uncertainFor)
    // It keeps no process alive.
    members.set(userId, timer.unref())
  }

  has(organizationId: string, userId: string): boolean {
    return this.#members.get(organizationId)?.has(userId) ?? false
  }

  /** How many there are in an organization. */
  count(organizationId: string): number {
    return this.#members.get(organizationId)?.size ?? 0
  }
}

const membersByClient = new WeakMap<object, UncertainMembers>()

/** Those of all mounts that change memberships through this client. */
export function uncertainMembersOf(client: object): UncertainMembers {
  const known = membersByClient.get(client)
  if (known !== undefined) return known
  const members = new UncertainMembers()
  membersByClient.set(client, members)
  return members
}
