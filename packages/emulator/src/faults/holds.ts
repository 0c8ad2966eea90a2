import type { RequestLogEntry } from '../server/request-log.js'
import { isSelected, type RequestSelector } from './faults.js'

export interface HoldOptions extends RequestSelector {
  /**
   * `before`: the request waits and is carried out at its release. `after`: it is carried out at once and its answer
   * waits, growing old.
   *
   * @default 'before'
   */
  when?: 'before' | 'after' | undefined
}

/** Requests that wait for a test's word. */
export interface Hold {
  /** Requests that wait now. */
  readonly waiting: number
  /** Resolves when this many requests (1 by default) have come to wait, counted from the start of the hold. */
  arrived(count?: number): Promise<void>
  /** Lets every waiting request go on, and catches no more. */
  release(): void
}

interface OpenHold {
  readonly options: HoldOptions
  remaining: number
  arrivals: number
  readonly waiting: (() => void)[]
  readonly watchers: { readonly count: number; readonly resolve: () => void }[]
}

export class Holds {
  readonly #open = new Set<OpenHold>()

  hold(options: HoldOptions = {}): Hold {
    const { times = Infinity } = options
    if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
      throw new RangeError(`hold takes a positive number of times; received ${times}.`)
    }
    const hold: OpenHold = {
      options,
      remaining: times,
      arrivals: 0,
      waiting: [],
      watchers: [],
    }
    this.#open.add(hold)
    return {
      get waiting() {
        return hold.waiting.length
      },
      arrived: (count = 1) =>
        new Promise((resolve) => {
          if (hold.arrivals >= count) resolve()
          else hold.watchers.push({ count, resolve })
        }),
      release: () => this.#release(hold),
    }
  }

  /** Resolves when nothing holds the request any more. */
  async pass(request: RequestLogEntry, moment: 'before' | 'after'): Promise<void> {
    // A copy: a hold that is ordered while this request waits is for those that come after it.
    const open = [...this.#open]
    for (const hold of open) {
      const { options } = hold
      if ((options.when ?? 'before') !== moment) continue
      if (hold.remaining <= 0 || !isSelected(options, request)) continue
      hold.remaining -= 1
      hold.arrivals += 1
      const released = new Promise<void>((resolve) => hold.waiting.push(resolve))
      for (const { count, resolve } of hold.watchers) if (hold.arrivals >= count) resolve()
      await released
    }
  }

  releaseAll(): void {
    for (const hold of this.#open) this.#release(hold)
  }

  #release(hold: OpenHold): void {
    this.#open.delete(hold)
    hold.remaining = 0
    for (const resolve of hold.waiting.splice(0)) resolve()
  }
}
