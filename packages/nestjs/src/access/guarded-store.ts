import { Logger } from '@nestjs/common'
import { RateLimitedLogger } from '../logging/rate-limited-logger.js'
import type { MembershipCache } from './membership-cache.js'

// ms
const patience = 500
const pause = 5_000

/** Writes that may be under way at once; what comes beyond is not kept. */
const maxWrites = 200

const probeKey = 'org-memberships:probe'

class StoreTimeoutError extends Error {
  override readonly name = 'StoreTimeoutError'
}

/**
 * The app's store, which may fail or hang, behind a circuit breaker: one request waits for it in vain, those after it
 * pass it over until it answers again.
 */
export class GuardedStore {
  readonly #store: MembershipCache
  readonly #logger = new RateLimitedLogger(new Logger('ClerkSessionAccess'))
  /** `performance.now()` ms: until then nobody asks. */
  #pausedUntil = Number.NEGATIVE_INFINITY
  #isProbing = false
  #isHanging = false
  #writes = 0
  /** Rejects for all who wait when the first of them has waited in vain. */
  #failure = deferred()

  constructor(store: MembershipCache) {
    this.#store = store
  }

  /** @returns the values; `undefined` where the store does not say */
  async read(keys: readonly string[]): Promise<unknown[] | undefined> {
    if (this.isPaused) return undefined
    if (this.#pausedUntil !== Number.NEGATIVE_INFINITY) {
      void this.#probe()
      return undefined
    }
    try {
      return await this.#within(() => {
        const values = keys.map((key) => this.#store.get(key))
        // A store in memory answers at once, and needs no timer.
        return values.some(isThenable) ? Promise.all(values) : values
      })
    } catch (error) {
      this.#fail('get', error)
      return undefined
    }
  }

  get isPaused(): boolean {
    return this.#isProbing || performance.now() < this.#pausedUntil
  }

  /** It did not answer the last time: whoever asks now waits in vain, most likely. */
  get isHanging(): boolean {
    return this.#isHanging
  }

  /** Keeps a value when it gets to it. What cannot be kept is read again. */
  writeLater(key: string, value: unknown, ttl: number): void {
    if (this.#writes >= maxWrites || this.isPaused) return
    this.#writes++
    const end = () => {
      this.#writes--
    }
    this.write(key, value, ttl).then(end, end)
  }

  /**
   * Reads a value back that was just written, whether others pass the store over or not.
   *
   * @throws Error when the store does not say
   */
  async readBack(key: string): Promise<unknown> {
    try {
      return await this.#within(() => this.#store.get(key))
    } catch (error) {
      this.#fail('get', error)
      throw error
    }
  }

  /** @throws Error when the store has not confirmed it in time; it may still do it */
  async write(key: string, value: unknown, ttl: number): Promise<void> {
    try {
      const taken: unknown = await this.#within(() => this.#store.set(key, value, ttl))
      // A Keyv says so, and throws nothing.
      if (taken === false) throw new Error('the value was not taken')
      this.#isHanging = false
    } catch (error) {
      this.#fail('set', error)
      throw error
    }
  }

  async #probe(): Promise<void> {
    this.#isProbing = true
    try {
      await this.#within(() => this.#store.get(probeKey))
      this.#pausedUntil = Number.NEGATIVE_INFINITY
      this.#isHanging = false
    } catch (error) {
      this.#fail('get', error)
    } finally {
      this.#isProbing = false
    }
  }

  #fail(method: 'get' | 'set', error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown reason'
    this.#logger.warn(
      `${method} ${reason}`,
      `The membership cache failed at '${method}' and is passed over for ${pause / 1_000} s: ${reason}`,
    )
    this.#pausedUntil = performance.now() + pause
    this.#isHanging = error instanceof StoreTimeoutError
    const { reject } = this.#failure
    this.#failure = deferred()
    reject(error)
  }

  async #within<T>(use: () => T): Promise<Awaited<T>> {
    const result = use()
    if (!isThenable(result)) return result as Awaited<T>
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new StoreTimeoutError(`no answer for ${patience} ms`)),
        patience,
      )
    })
    try {
      return (await Promise.race([result, late, this.#failure.promise])) as Awaited<T>
    } finally {
      clearTimeout(timer)
    }
  }
}

function isThenable(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

function deferred(): { promise: Promise<never>; reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse
  })
  // Often nobody waits.
  promise.catch(() => undefined)
  return { promise, reject }
}
