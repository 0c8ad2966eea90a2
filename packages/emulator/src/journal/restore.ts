import { createStore, placeMembership } from '../seed/load.js'
import type { Store } from '../store/store.js'
import type { SavedState } from './journal.js'
import type { PendingEvent, PlacedMembership } from './lines.js'

/** The store as the last acknowledged change left it, and the events that were not delivered yet. */
export function restore({ header, changes }: SavedState): {
  readonly store: Store
  readonly events: readonly PendingEvent[]
} {
  const { memberships } = header
  const store = createStore(
    memberships === undefined ? header.seed : withoutMemberships(header.seed),
  )
  for (const membership of memberships ?? []) put(store, membership)

  const events = new Map((header.events ?? []).map((pending) => [pending.id, pending]))
  for (const { put: placed, remove: gone, event, delivered } of changes) {
    if (placed !== undefined) put(store, placed)
    if (gone !== undefined) remove(store, gone)
    if (event !== undefined) events.set(event.id, event)
    if (delivered !== undefined) events.delete(delivered)
  }
  return { store, events: [...events.values()] }
}

function withoutMemberships(seed: SavedState['header']['seed']): typeof seed {
  return {
    ...seed,
    organizations: seed.organizations.map((row) => Object.assign({}, row, { memberships: [] })),
  }
}

function put(store: Store, placed: PlacedMembership): void {
  const organization = store.organizations.get(placed.organization_id)
  if (organization === undefined) return
  remove(store, placed)
  placeMembership(store, organization, placed)
}

function remove(
  store: Store,
  place: { readonly organization_id: string; readonly user_id: string },
): void {
  const membership = store.organizations.get(place.organization_id)?.members.get(place.user_id)
  if (membership !== undefined) store.removeMembership(membership)
}
