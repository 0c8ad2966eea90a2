import type { Change } from './change.js'
import type { Presence } from './presence.js'

/**
 * One write, from its trigger until every cached page is known to be newer than it.
 *
 *   trigger ──── queued ──── sentAt ──── in flight ──── confirmedAt ──── covers older pages ──── pruned
 *                   └── refused or aborted: removed ────────┘
 */
export interface Operation {
  readonly id: number
  readonly userId: string
  readonly change: Change
  /** Shown before it is confirmed. */
  readonly isOptimistic: boolean
  /** Moment of the log's clock at which the request left; absent while queued. */
  readonly sentAt?: number
  readonly confirmation?: Confirmation
}

/** What the server answered. */
export interface Confirmation {
  readonly at: number
  readonly after: Presence
  /** What was just before, where the answer says so: a delete returns the removed row, and before a create was none. */
  readonly before?: Presence
}
