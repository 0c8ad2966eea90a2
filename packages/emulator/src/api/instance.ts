import type { Clock } from '../clock.js'
import type { MembershipRecord } from '../store/records.js'
import type { ChangeKind, Store } from '../store/store.js'
import type { InstanceRules } from './rules.js'

/** One emulated Clerk instance: what the handlers work on. */
export interface Instance {
  readonly store: Store
  readonly rules: InstanceRules
  readonly clock: Clock
  /** Makes an id whose time part agrees with the time. */
  readonly createId: (prefix: string, time: number) => string
  /** Told right after each change, in order. */
  readonly onChange: (kind: ChangeKind, membership: MembershipRecord) => void
}
