/** Told after a change was sent, whatever came of it. */
export type MembershipChangeListener = (
  organizationId: string,
  userId: string,
) => void | Promise<void>

const listeners = new WeakMap<object, Set<MembershipChangeListener>>()

/** Listens to the changes that go through one client, for as long as the client lives. */
export function onMembershipChange(client: object, listener: MembershipChangeListener): void {
  const known = listeners.get(client) ?? new Set()
  known.add(listener)
  listeners.set(client, known)
}

/** Resolves when every listener is done. */
export async function announceMembershipChange(
  client: object,
  organizationId: string,
  userId: string,
): Promise<void> {
  await Promise.all(
    [...(listeners.get(client) ?? [])].map((listener) => listener(organizationId, userId)),
  )
}
