import { createHash } from 'node:crypto'

type Claims = { readonly [claim: string]: unknown }

// ms
const longest = 60_000
const maxEntries = 5_000

/**
 * Claims of tokens that were verified a moment ago. A browser sends the same token for up to a minute, and to check its
 * signature again costs more than all the rest of a guarded request. An entry lasts no longer than its token, and a
 * minute at most, so that a signing key that is withdrawn does not live on here. Tokens themselves are not kept.
 */
export class VerifiedTokens {
  /** Until `performance.now()` ms: a clock that is set back lengthens nothing. */
  readonly #entries = new Map<string, { readonly claims: Claims; readonly until: number }>()

  get(token: string): Claims | undefined {
    const entry = this.#entries.get(keyOf(token))
    return entry !== undefined && performance.now() < entry.until ? entry.claims : undefined
  }

  add(token: string, claims: Claims): void {
    const expiry = typeof claims.exp === 'number' ? claims.exp * 1000 : 0
    const lasts = Math.min(expiry - Date.now(), longest)
    if (lasts <= 0) return
    this.#entries.set(keyOf(token), { claims, until: performance.now() + lasts })
    if (this.#entries.size <= maxEntries) return
    const oldest = this.#entries.keys().next()
    if (oldest.done !== true) this.#entries.delete(oldest.value)
  }
}

function keyOf(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
