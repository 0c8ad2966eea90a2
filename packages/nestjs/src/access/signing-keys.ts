import { createPublicKey } from 'node:crypto'
import { AccessUnavailableException } from '../errors/refusal.js'

// ms
const freshFor = 5 * 60_000
const usableFor = 60 * 60_000
const paceOfReads = 10_000
const pauseAfterFailure = 1_000
const timeout = 3_000

/** Reads that may follow each other at once before the pace holds. */
const readsAtOnce = 5

/**
 * The public keys that session tokens are signed with, read from the API's JWKS route.
 *
 * One request at a time, and seldom: a token may name any key, and anyone could make this server ask without end. So
 * unknown keys cause five requests, and one per 10 s after that: enough for an instance that changes its keys right
 * after they were read, whose users would be told 401 otherwise. Keys older than 5 minutes are renewed while the known
 * ones go on being used, up to an hour if the route fails.
 */
export class SigningKeys {
  readonly #url: string
  readonly #secretKey: string
  #pems = new Map<string, string>()
  #readAt = Number.NEGATIVE_INFINITY
  #notBefore = Number.NEGATIVE_INFINITY
  /** Each read takes a `paceOfReads`; this is when they will all be over. */
  #takenUntil = Number.NEGATIVE_INFINITY
  #lastFailure: unknown
  #flight: Promise<void> | undefined

  constructor(apiUrl: string, secretKey: string) {
    // People give the client's baseURL here; the address is the same but for the version.
    this.#url = `${apiUrl.trim().replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/jwks`
    this.#secretKey = secretKey
  }

  /**
   * @returns the key in PEM form; `undefined` where there is no such key
   * @throws AccessUnavailableException when that cannot be told now
   */
  async get(keyId: string): Promise<string | undefined> {
    const age = performance.now() - this.#readAt
    const known = age < usableFor ? this.#pems.get(keyId) : undefined
    if (known !== undefined) {
      // A failure is kept for the moment when no usable key is left.
      if (age >= freshFor) this.#refresh().catch(() => undefined)
      return known
    }
    await this.#refresh()
    return this.#pems.get(keyId)
  }

  #refresh(): Promise<void> {
    if (this.#flight !== undefined) return this.#flight
    if (performance.now() < this.#notBefore) {
      return this.#lastFailure === undefined
        ? Promise.resolve()
        : Promise.reject(new AccessUnavailableException(this.#lastFailure))
    }
    this.#flight = this.#read().finally(() => {
      this.#flight = undefined
    })
    return this.#flight
  }

  async #read(): Promise<void> {
    try {
      this.#pems = await this.#fetch()
      this.#readAt = performance.now()
      this.#lastFailure = undefined
      this.#takenUntil = Math.max(this.#takenUntil, this.#readAt) + paceOfReads
      this.#notBefore = this.#takenUntil - (readsAtOnce - 1) * paceOfReads
    } catch (error) {
      this.#lastFailure = error
      this.#notBefore = performance.now() + pauseAfterFailure
      throw new AccessUnavailableException(error)
    }
  }

  async #fetch(): Promise<Map<string, string>> {
    const controller = new AbortController()
    const timer = setTimeout(
      () => controller.abort(new Error(`the answer took longer than ${timeout} ms`)),
      timeout,
    )
    try {
      const response = await fetch(this.#url, {
        headers: { Accept: 'application/json', Authorization: `Bearer ${this.#secretKey}` },
        redirect: 'manual',
        signal: controller.signal,
      })
      if (!response.ok) throw new Error(`it answered ${response.status}`)
      return pemsOf(await response.json())
    } catch (error) {
      const reason = controller.signal.aborted ? controller.signal.reason : error
      throw new Error(
        `The signing keys of session tokens could not be read from ${this.#url}: ` +
          `${reason instanceof Error ? reason.message : 'no answer'}.`,
        { cause: error },
      )
    } finally {
      clearTimeout(timer)
    }
  }
}

function pemsOf(json: unknown): Map<string, string> {
  const { keys } = (json ?? {}) as { keys?: unknown }
  const pems = new Map<string, string>()
  for (const key of Array.isArray(keys) ? (keys as { [member: string]: unknown }[]) : []) {
    const { kid, kty, n, e } = key
    if (typeof kid !== 'string' || kty !== 'RSA') continue
    const pem = pemOf({ kty, n: String(n), e: String(e) })
    if (pem !== undefined) pems.set(kid, pem)
  }
  if (pems.size === 0) throw new Error('it answered without a key')
  return pems
}

/** One key that nobody can read must not take the others with it. */
function pemOf(key: { kty: string; n: string; e: string }): string | undefined {
  try {
    return createPublicKey({ key, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString()
  } catch {
    return undefined
  }
}
