import { assertInteger, mustBe, show } from './arguments.js'
import { InvalidArgumentError } from './errors.js'
import { type ClientEvent, isolate } from './events.js'
import { checkHeaders, type HeaderOptions, type SentHeaders, withHeaders } from './headers.js'
import { defaultPageSize } from './whole-list.js'

/** What a client is made of. All of it is checked once, when the client is made. */
export interface ClientOptions {
  /**
   * A Clerk secret key (`sk_test_…`, `sk_live_…`), for backends. Refused in a browser and in its workers.
   *
   * @default the environment variable CLERK_SECRET_KEY, unless `getToken` is given
   */
  secretKey?: string | undefined
  /**
   * The signed-in user's session token, asked for at each request; for clients that talk to your own backend. `null`
   * sends no credential. Excludes `secretKey`.
   */
  getToken?: (() => string | null | Promise<string | null>) | undefined
  /**
   * Where the routes are: an absolute URL, or in a browser also a path of the same origin such as `/api/v1`. With
   * `getToken` a path is taken anywhere, so that a page can be rendered on a server; a call is refused there.
   *
   * @default 'https://api.clerk.com/v1'
   */
  baseURL?: string | undefined
  /**
   * The header `Clerk-API-Version`. Not sent with `getToken`, to spare a CORS preflight for it.
   *
   * @default '2026-05-12'
   */
  apiVersion?: string | undefined
  /**
   * Time for one attempt, until its answer is read to the end, ms.
   *
   * @default 10_000
   */
  timeout?: number | undefined
  /**
   * Time for a whole call, attempts and pauses included, ms.
   *
   * @default 60_000
   */
  totalTimeout?: number | undefined
  /**
   * How often a failed attempt is made again where that is safe. 0 switches retries off.
   *
   * @default 2
   */
  maxRetries?: number | undefined
  /**
   * The longest pause before a retry, ms. Where the server asks for a longer one, the call is not held up: it rejects
   * with the `RateLimitError` at once.
   *
   * @default 30_000
   */
  maxRetryDelay?: number | undefined
  /**
   * Called in place of the global `fetch`.
   *
   * @default the global `fetch`, looked up at each request
   */
  fetch?: typeof fetch | undefined
  /** Sent with each request; `null` removes a header that would be sent otherwise. */
  headers?: HeaderOptions | undefined
  /**
   * Lets a test suite of a server use a secret key under jsdom or happy-dom, which look like a page. Heeded in Node.js, Bun
   * and Deno only: a real page is refused all the same.
   *
   * @default false
   */
  allowSecretKeyInTestDOM?: boolean | undefined
  /** Hears of each attempt, its end, and each retry. What it throws is ignored. */
  onEvent?: ((event: ClientEvent) => void) | undefined
}

/** Options of one call. */
export interface RequestOptions {
  /** Aborts the call, which then rejects with the signal's `reason`. */
  signal?: AbortSignal | undefined
  /** Time for one attempt, ms. @default the client's `timeout` */
  timeout?: number | undefined
  /** Time for the whole call, attempts and pauses included, ms. @default the client's `totalTimeout` */
  totalTimeout?: number | undefined
  /** How often a failed attempt is made again. @default the client's `maxRetries` */
  maxRetries?: number | undefined
  /** Sent with this request; win over the client's; `null` removes a header that would be sent otherwise. */
  headers?: HeaderOptions | undefined
}

/** Options after all checks and defaults: nothing below asks whether something is set. */
export interface ResolvedOptions {
  /** Before each request, since a client made while a page is rendered on a server may never send one there. */
  readonly baseURL: () => string
  readonly timeout: number
  readonly totalTimeout: number
  readonly maxRetries: number
  readonly maxRetryDelay: number
  readonly fetch: typeof fetch
  readonly onEvent: ((event: ClientEvent) => void) | undefined
  /** Rows in a page of a whole list, where the call does not say. */
  readonly pageSize: number
  /** The credential of the next request, if it has one. */
  readonly credential: () => string | undefined | Promise<string | undefined>
  readonly headers: (credential: string | undefined) => SentHeaders
}

export const defaultBaseURL = 'https://api.clerk.com/v1'
export const defaultAPIVersion = '2026-05-12'
export const defaultTimeout = 10_000
export const defaultTotalTimeout = 60_000
export const defaultMaxRetries = 2
export const defaultMaxRetryDelay = 30_000

// A timer takes no more than this; what is longer fires at once.
const longestTimeout = 2 ** 31 - 1

export function resolveOptions(options: ClientOptions): ResolvedOptions {
  const { getToken, fetch: givenFetch } = options
  const secretKey = getToken === undefined ? resolveSecretKey(options) : undefined
  for (const name of ['getToken', 'fetch', 'onEvent'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function') {
      throw new InvalidArgumentError(name, `${name} must be a function.`)
    }
  }
  if (getToken !== undefined && options.secretKey !== undefined) {
    throw new InvalidArgumentError(
      'getToken',
      'Give secretKey (a backend that talks to Clerk) or getToken (a client of your own backend), not both.',
    )
  }
  const version = options.apiVersion ?? defaultAPIVersion
  const fixed = withHeaders(
    new Map([['accept', 'application/json']]),
    checkHeaders({ 'Clerk-API-Version': secretKey === undefined ? undefined : version }),
  )
  const own = checkHeaders(options.headers)

  return {
    baseURL: resolveBaseURL(options.baseURL, secretKey === undefined),
    timeout: resolveTimeout('timeout', options.timeout) ?? defaultTimeout,
    totalTimeout: resolveTimeout('totalTimeout', options.totalTimeout) ?? defaultTotalTimeout,
    maxRetries: resolveMaxRetries(options.maxRetries) ?? defaultMaxRetries,
    maxRetryDelay: resolveMaxRetryDelay(options.maxRetryDelay) ?? defaultMaxRetryDelay,
    fetch: (input, init) => {
      const send = givenFetch ?? globalThis.fetch
      if (typeof send === 'function') return send(input, init)
      throw new InvalidArgumentError(
        'fetch',
        'There is no global fetch here: give one as the option fetch.',
      )
    },
    onEvent: isolate(options.onEvent),
    pageSize: secretKey === undefined ? defaultPageSize.ofABackend : defaultPageSize.ofTheAPI,
    credential:
      getToken === undefined
        ? () => secretKey
        : async () => {
            const token = await getToken()
            if (token === null || token === undefined) return undefined
            assertCredential('getToken', token, 'The session token')
            return token
          },
    headers(credential) {
      const authorization = credential === undefined ? undefined : `Bearer ${credential}`
      return withHeaders(withHeaders(fixed, { Authorization: authorization }), own)
    },
  }
}

export function resolveTimeout(
  parameter: 'timeout' | 'totalTimeout',
  timeout: number | undefined,
): number | undefined {
  if (timeout === undefined) return undefined
  if (typeof timeout === 'number' && timeout > 0) return Math.min(timeout, longestTimeout)
  throw mustBe(parameter, 'a positive number of milliseconds', show(timeout))
}

export function resolveMaxRetries(maxRetries: number | undefined): number | undefined {
  if (maxRetries === undefined) return undefined
  assertInteger('maxRetries', maxRetries, 0)
  return maxRetries
}

function resolveMaxRetryDelay(delay: number | undefined): number | undefined {
  if (delay === undefined) return undefined
  if (typeof delay === 'number' && delay >= 0) return Math.min(delay, longestTimeout)
  throw mustBe('maxRetryDelay', 'a number of milliseconds, 0 or more', show(delay))
}

function resolveSecretKey({
  secretKey: given,
  allowSecretKeyInTestDOM = false,
}: ClientOptions): string {
  if (isInBrowser() && !(allowSecretKeyInTestDOM && isOnServerRuntime())) {
    throw new InvalidArgumentError(
      'secretKey',
      given === undefined
        ? 'In a browser or an app the client needs getToken, which returns the session token for your own backend.'
        : 'A secret key in a browser is readable by everyone who opens the page, in an app by everyone who has it, so it is refused there. ' +
            'Use getToken and point baseURL at your own backend.',
    )
  }
  const found: unknown = given ?? readEnvironment('CLERK_SECRET_KEY')
  if (found !== undefined && typeof found !== 'string') {
    throw new InvalidArgumentError('secretKey', 'secretKey must be a string.')
  }
  const key = found?.trim() ?? ''
  if (key === '') {
    throw new InvalidArgumentError(
      'secretKey',
      'No secret key: pass secretKey or set CLERK_SECRET_KEY. ' +
        'A client of your own backend passes getToken instead.',
    )
  }
  assertCredential('secretKey', key, 'The secret key')
  if (key.startsWith('pk_')) {
    throw new InvalidArgumentError(
      'secretKey',
      'This is a publishable key (pk_…); the API takes the secret key (sk_…).',
    )
  }
  return key
}

/**
 * Says what is wrong without quoting the credential. What a bearer credential may hold: RFC 6750, section 2.1.
 */
function assertCredential(parameter: string, credential: unknown, name: string): void {
  if (typeof credential === 'string' && /^[\w.~+/-]+=*$/.test(credential)) return
  throw new InvalidArgumentError(
    parameter,
    `${name} must be a non-empty string without blanks, quotes, line breaks or letters beyond ASCII; ` +
      'one may have got in when it was copied.',
  )
}

function resolveBaseURL(given: string = defaultBaseURL, isForPages: boolean): () => string {
  const wrong = (why: string) => new InvalidArgumentError('baseURL', `baseURL ${why}`)
  if (typeof given !== 'string') throw wrong('must be a string.')
  const baseURL = given.trim().replace(/\/+$/, '')
  // A browser drops tabs and line breaks, and what is left may be another host's: '/\t/example.com'.
  if (/[\0-\x20\x7f]/.test(baseURL)) throw wrong('must not hold blanks or control characters.')
  if (/[?#]/.test(baseURL)) throw wrong('must not hold a query or a fragment.')
  if (/^\/(?![/\\])/.test(baseURL)) {
    const relative = () => {
      if (typeof globalThis.location?.href === 'string') return baseURL
      throw wrong(
        `'${given}' is relative, and there is no page here to be relative to. Give an absolute URL.`,
      )
    }
    // Modules of a page are run on a server too, where they make a client and send nothing.
    if (!isForPages) relative()
    return relative
  }
  if (!/^https?:/i.test(baseURL)) {
    // Only what can be nothing but a host: a key may have been given in its place, or a password in front of it.
    const value = /^[a-z\d-]+[.:][a-z\d.:/-]*$/.test(baseURL) ? `'${baseURL}' ` : ''
    throw wrong(
      `${value}must be an absolute URL, or in a browser a path such as '/api/v1': add http:// or https://.`,
    )
  }
  // By the text, since React Native's URL knows neither user nor password.
  const [, authority = ''] = /^https?:[/\\]*([^/\\]*)/i.exec(baseURL) ?? []
  if (authority.includes('@')) throw wrong('must not hold a user or a password.')
  try {
    void new URL(baseURL)
  } catch {
    throw wrong('must be an absolute URL.')
  }
  return () => baseURL
}

/**
 * In a page, in a worker of one, or in an app on a phone. Servers have some of a worker's globals too (`self`, `WorkerGlobalScope`), and must
 * never be taken for one; but none has `importScripts` and calls itself Mozilla, as every browser does: they are Node.js,
 * Bun, Deno and Cloudflare-Workers, or have no name.
 */
function isInBrowser(): boolean {
  if (typeof globalThis.window === 'object' && typeof globalThis.document === 'object') return true
  const { importScripts, navigator } = globalThis as {
    importScripts?: unknown
    navigator?: { userAgent?: string; product?: string }
  }
  // A key in an app is as readable as one in a page.
  if (navigator?.product === 'ReactNative') return true
  return (
    typeof importScripts === 'function' && navigator?.userAgent?.startsWith('Mozilla/') === true
  )
}

/** Bun and Deno say that they are a Node.js too. A page has no `process`, or a polyfill without versions. */
function isOnServerRuntime(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: unknown } } }
  return typeof process?.versions?.node === 'string'
}

// Through globalThis: a bundler's `define` would write the value of a bare `process.env.X` into the bundle.
function readEnvironment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: { [name: string]: string | undefined } } }
  return process?.env?.[name]
}
