import type { RevalidateMode } from '../../src/types.js'

/** What happens how often. */
export interface ScheduleKind {
  /** One of these is what all writes of a schedule ask for. */
  readonly modes: readonly RevalidateMode[]
  /** A roll from 0 to 1 means the first of these that it is below; above all, the network or the server moves on. */
  readonly below: {
    readonly write: number
    readonly refetch: number
    readonly preload: number
    readonly show: number
    readonly hide: number
    readonly abort: number
    readonly prune: number
  }
}

/** Nearly always some write is under way. */
export const busy: ScheduleKind = {
  modes: [false, false, false, 'auto'],
  below: {
    write: 0.3,
    refetch: 0.36,
    preload: 0.39,
    show: 0.46,
    hide: 0.49,
    abort: 0.52,
    prune: 0.58,
  },
}

/**
 * Lists come and go, and writes are few: in a busy schedule the end of the next write has fetched again what should have
 * been fetched before it.
 */
export const calm: ScheduleKind = {
  modes: ['auto'],
  below: {
    write: 0.04,
    refetch: 0.05,
    preload: 0.2,
    show: 0.35,
    hide: 0.45,
    abort: 0.52,
    prune: 0.58,
  },
}
