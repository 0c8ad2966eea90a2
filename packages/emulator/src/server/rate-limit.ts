import { failures } from '../api/failures.js'
import type { ServedRouteName } from './router.js'

/**
 * How many requests a secret key may send (contract, section 9): off, as for a development or a production instance,
 * or numbers of your own.
 */
export type RateLimit = false | 'development' | 'production' | RateLimitNumbers

export interface RateLimitNumbers {
  /** Requests of one endpoint in a window. @default no limit */
  requests?: number | undefined
  /** Updates (of role and metadata together) of one membership in a window. @default no limit */
  updatesPerMembership?: number | undefined
  /** ms. @default 10_000 */
  window?: number | undefined
}

const presets = {
  development: { requests: 100, updatesPerMembership: 10 },
  production: { requests: 1000, updatesPerMembership: 10 },
} as const

interface Window {
  readonly startedAt: number
  count: number
}

/** Counts in fixed windows that open with the first request. A refused request does not count. */
export class RateLimiter {
  readonly #limits: RateLimitNumbers
  readonly #length: number
  readonly #windows = new Map<string, Window>()

  constructor(limit: RateLimit) {
    this.#limits = limit === false ? {} : typeof limit === 'string' ? presets[limit] : limit
    this.#length = this.#limits.window ?? 10_000
    for (const [name, value] of Object.entries(this.#limits)) {
      if (value === undefined) continue
      if (typeof value === 'number' && value > 0) continue
      throw new RangeError(`rateLimit.${name} takes a positive number; received ${String(value)}.`)
    }
  }

  /** @throws Failure 429 with the whole seconds until the window ends */
  count(route: ServedRouteName, params: { readonly [name: string]: string }, now: number): void {
    const { requests = Infinity, updatesPerMembership = Infinity } = this.#limits
    const counted: { readonly window: Window; readonly maximum: number }[] = []
    if (requests < Infinity) counted.push({ window: this.#window(route, now), maximum: requests })
    if (updatesPerMembership < Infinity && (route === 'update' || route === 'updateMetadata')) {
      const membership = JSON.stringify([params['organization_id'], params['user_id']])
      counted.push({ window: this.#window(membership, now), maximum: updatesPerMembership })
    }
    for (const { window, maximum } of counted) {
      if (window.count < maximum) continue
      const left = window.startedAt + this.#length - now
      throw failures.tooManyRequests(Math.max(1, Math.ceil(left / 1000)))
    }
    for (const { window } of counted) window.count += 1
  }

  reset(): void {
    this.#windows.clear()
  }

  #window(key: string, now: number): Window {
    const open = this.#windows.get(key)
    // A clock that a test set back ends the window too.
    if (open !== undefined && now >= open.startedAt && now < open.startedAt + this.#length) {
      return open
    }
    const window = { startedAt: now, count: 0 }
    this.#windows.set(key, window)
    if (this.#windows.size > 10_000) this.#forgetEnded(now)
    return window
  }

  #forgetEnded(now: number): void {
    for (const [key, { startedAt }] of this.#windows) {
      if (now < startedAt || now >= startedAt + this.#length) this.#windows.delete(key)
    }
  }
}
