import { loadSeed, type LoadOptions } from '../seed/load.js'
import { SeedError } from '../seed/check.js'
import type { Change } from '../store/rows.js'
import type { Store } from '../store/store.js'
import { DataFileError } from './data-file-error.js'
import type { SavedState } from './journal.js'
import type { ChangeLine, PendingEvent } from './lines.js'

/**
 * The store as the last acknowledged change left it, and the events that were not delivered yet.
 *
 * @throws DataFileError naming the line that is wrong
 */
export function restore(
  { header, changes }: SavedState,
  options: LoadOptions,
): { readonly store: Store; readonly events: Map<string, PendingEvent> } {
  const store = load(header.seed, options)
  const events = new Map<string, PendingEvent>()
  for (const [index, line] of changes.entries()) {
    const { event, delivered, ...rest } = line
    if (Object.keys(rest).length > 0) {
      assertPlace(store, rest, () => `${options.source} is damaged: line ${index + 2}`)
      store.apply(rest as Change)
    }
    if (event !== undefined) events.set(event.id, event)
    if (delivered !== undefined) events.delete(delivered)
  }
  return { store, events }
}

function load(seed: SavedState['header']['seed'], options: LoadOptions): Store {
  try {
    return loadSeed(seed, options)
  } catch (error) {
    if (!(error instanceof SeedError)) throw error
    const [first] = error.problems
    throw new DataFileError(
      `${options.source} is damaged: line 1: seed.${first?.path}: ${first?.reason}.`,
      { cause: error },
    )
  }
}

function assertPlace(
  store: Store,
  { put, put_invitation }: Pick<ChangeLine, 'put' | 'put_invitation'>,
  start: () => string,
): void {
  const organizationId = (put ?? put_invitation)?.organization_id
  if (organizationId !== undefined && !store.organizations.has(organizationId)) {
    throw new DataFileError(`${start()}: there is no organization '${organizationId}'.`)
  }
  if (put === undefined) return
  if (store.users.get(put.user_id) === undefined) {
    throw new DataFileError(`${start()}: there is no user '${put.user_id}'.`)
  }
  if (!store.roles.has(put.role)) {
    throw new DataFileError(`${start()}: there is no role '${put.role}'.`)
  }
}
