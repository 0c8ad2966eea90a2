import { loadSeed, type LoadOptions, placeMembership } from '../seed/load.js'
import type { MembershipRecord } from '../store/records.js'
import type { Role } from '../store/roles.js'
import type { Store } from '../store/store.js'
import type { SavedState } from './journal.js'
import type { PendingEvent, PlacedMembership } from './lines.js'

/** The store as the last acknowledged change left it, and the events that were not delivered yet. */
export function restore(
  { header, changes }: SavedState,
  options: LoadOptions,
): { readonly store: Store; readonly events: readonly PendingEvent[] } {
  const store = loadSeed(header.seed, options)
  const events = new Map((header.events ?? []).map((pending) => [pending.id, pending]))
  for (const { put: placed, remove, event, delivered } of changes) {
    if (placed !== undefined) put(store, placed)
    const gone = remove && find(store, remove)
    if (gone !== undefined) store.removeMembership(gone)
    if (event !== undefined) events.set(event.id, event)
    if (delivered !== undefined) events.delete(delivered)
  }
  return { store, events: [...events.values()] }
}

function put(store: Store, placed: PlacedMembership): void {
  const there = find(store, placed)
  if (there?.id === placed.id) {
    const updatedAt = placed.updated_at ?? placed.created_at
    store.setRole(there, store.roles.get(placed.role) as Role, updatedAt)
    const { public_metadata: publicMetadata = {}, private_metadata: privateMetadata = {} } = placed
    store.setMetadata(there, publicMetadata, privateMetadata, updatedAt)
    return
  }
  if (there !== undefined) store.removeMembership(there)
  const organization = store.organizations.get(placed.organization_id)
  if (organization !== undefined) placeMembership(store, organization, placed)
}

function find(
  store: Store,
  place: { readonly organization_id: string; readonly user_id: string },
): MembershipRecord | undefined {
  return store.organizations.get(place.organization_id)?.members.get(place.user_id)
}
