import type { Clock } from '../clock.js'
import type { EventDraft } from '../events/event.js'
import type { Change } from '../store/rows.js'
import type { Store } from '../store/store.js'
import type { InstanceRules } from './rules.js'

/** One emulated Clerk instance: what the handlers work on. */
export interface Instance {
  readonly store: Store
  /** What lists are read from: the store, or with `lag` a copy that follows it later. */
  readonly listStore: () => Store
  readonly rules: InstanceRules
  readonly clock: Clock
  /** Makes an id whose time part agrees with the time. */
  readonly createId: (prefix: string, time: number) => string
  /** Makes a change, keeps it, and sends its event if there is one; in the order of the calls. */
  readonly change: (change: Change, event?: EventDraft) => void
}
