/** The emulator's time: the machine's, or one that a test sets. Timers (latency, retries) keep to the machine's. */
export interface Clock {
  /** Now, ms since the epoch. */
  now(): number
  /** Stops the clock at a time, ms since the epoch. */
  set(time: number): void
  /** Moves the clock on; a running clock goes on running from there. */
  advance(milliseconds: number): void
  /** Back to the machine's time. */
  reset(): void
}

export function createClock(): Clock {
  let stoppedAt: number | undefined
  let ahead = 0
  const now = () => stoppedAt ?? Date.now() + ahead
  return {
    now,
    set(time) {
      assertTime(time)
      stoppedAt = time
    },
    advance(milliseconds) {
      assertTime(now() + milliseconds)
      if (stoppedAt === undefined) ahead += milliseconds
      else stoppedAt += milliseconds
    },
    reset() {
      stoppedAt = undefined
      ahead = 0
    },
  }
}

function assertTime(time: number): void {
  if (Number.isSafeInteger(time) && time >= 0) return
  throw new RangeError(`A clock takes whole milliseconds since the epoch; received ${time}.`)
}
