import { ContractShapeError } from './contract/mappers.js'
import type { ClerkErrorJSON } from './contract/wire.js'
import {
  apiErrorFor,
  RedirectError,
  type RequestDescription,
  ResponseParseError,
} from './errors.js'
import type { SentHeaders } from './headers.js'

/** An answer, read to its end. */
export interface Answer {
  readonly response: Response
  readonly text: string
  /** The headers of the request: nothing that an error tells may quote the credential in them. */
  readonly sent: SentHeaders
}

/** Where in its call an attempt stands; its errors tell. */
export interface AttemptPosition {
  readonly attempts: number
  readonly afterLostAnswer: boolean
}

/**
 * Turns an answer into the result, or throws the error that it stands for. The content type is not asked: what parses
 * as JSON is JSON, whatever a proxy wrote above it.
 */
export function readAnswer<T>(
  request: RequestDescription,
  { response, text, sent }: Answer,
  parse: (json: unknown) => T,
  position: AttemptPosition,
): T {
  const { status, headers } = response
  // With `redirect: 'manual'` Node shows the 3xx, a browser an opaque answer of status 0.
  if (response.type === 'opaqueredirect' || redirects.has(status)) {
    throw new RedirectError(request, position)
  }
  const safe = (quoted: string) => redact(quoted, sent)
  if (!response.ok) {
    if (status === 304) {
      const why = 'no request asked for that: a cache in between answered in place of the server.'
      throw new ResponseParseError(request, status, why, position)
    }
    // Values only: a name in the envelope may happen to be the credential's text.
    const json = parseJSON(text, (_, value) => (typeof value === 'string' ? safe(value) : value))
    throw apiErrorFor(request, {
      ...position,
      status,
      errors: errorsOf(json),
      traceId: traceIdOf(json, headers, safe),
      retryAfter: retryAfterOf(headers),
    })
  }
  const json = parseJSON(text)
  const unusable = (what: string) =>
    new ResponseParseError(request, status, `${what}. Is baseURL the right address?`, {
      ...position,
      traceId: traceIdOf(json, headers, safe),
    })
  if (json === undefined) {
    const type = safe(headers.get('Content-Type') ?? 'no content type')
    throw unusable(text === '' ? 'the answer was empty' : `the answer was not JSON (${type})`)
  }
  try {
    return parse(json)
  } catch (error) {
    throw error instanceof ContractShapeError ? unusable(error.message) : error
  }
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function parseJSON(text: string, revive?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, revive) as unknown
  } catch {
    return undefined
  }
}

function errorsOf(json: unknown): ClerkErrorJSON[] {
  const { errors } = (json ?? {}) as { errors?: unknown }
  if (!Array.isArray(errors)) return []
  return errors.flatMap((entry: unknown) => {
    const { code, message, long_message, meta } = (entry ?? {}) as Partial<ClerkErrorJSON>
    if (typeof code !== 'string') return []
    const short = typeof message === 'string' ? message : code
    const long = typeof long_message === 'string' ? long_message : short
    return [{ code, message: short, long_message: long, ...(meta && { meta }) }]
  })
}

function traceIdOf(
  json: unknown,
  headers: Headers,
  safe: (quoted: string) => string,
): string | undefined {
  const { clerk_trace_id: inBody } = (json ?? {}) as { clerk_trace_id?: unknown }
  const traceId =
    typeof inBody === 'string' ? inBody : (headers.get('Clerk-Trace-Id') ?? headers.get('CF-Ray'))
  return traceId === null ? undefined : safe(traceId)
}

/** `Retry-After` in ms: seconds, or a date measured against the answer's own `Date`. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')?.trim()
  if (value === undefined || value === '') return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  // `Date.parse` takes almost anything for a date, `-5` too; an HTTP date begins with a day's name.
  const until = /^[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(until)) return undefined
  const now = Date.parse(headers.get('Date') ?? '')
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now))
}

// A `fetch` of someone else's may attach the whole request to what it throws, and a server may quote the key that it
// refuses, in its text or in a header. Neither is to carry the credential into an error or an event. What counts is the
// header that was sent: an `Authorization` of the caller's own takes the place of the key.

const replacement = '[credential]'

/** How many values of an error are looked at before it is taken to be unsafe. */
const mostValues = 2_000

/** The text with every occurrence of the credential in the sent headers replaced. */
export function redact(text: string, sent: SentHeaders | undefined): string {
  const credential = credentialOf(sent)
  return credential === undefined ? text : text.replaceAll(credential, replacement)
}

/** The error itself where it holds the credential nowhere, else what is safe to tell of it. */
export function withoutCredential(error: unknown, sent: SentHeaders | undefined): unknown {
  const credential = credentialOf(sent)
  if (credential === undefined || !holds(error, credential)) return error
  const { name, message, code } = (error ?? {}) as {
    name?: unknown
    message?: unknown
    code?: unknown
  }
  const safe = new Error(redact(String(message), sent))
  safe.name = redact(String(name), sent)
  return typeof code === 'string' ? Object.assign(safe, { code: redact(code, sent) }) : safe
}

/** Without the scheme: whoever quotes the whole value quotes this too. */
function credentialOf(sent: SentHeaders | undefined): string | undefined {
  return sent?.get('authorization')?.replace(/^\S+ +/, '') || undefined
}

function holds(root: unknown, credential: string): boolean {
  const seen = new Set<unknown>([root])
  // A Set is iterated in the order of insertion, also over what is added on the way.
  for (const value of seen) {
    if (typeof value === 'string' && value.includes(credential)) return true
    if (typeof value !== 'object' || value === null) continue
    if (seen.size > mostValues) return true
    for (const part of partsOf(value)) seen.add(part)
  }
  return false
}

function partsOf(value: object): unknown[] {
  try {
    const own = Reflect.ownKeys(value).map(
      (key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown,
    )
    // Headers, and a Request or Response, keep theirs behind accessors.
    if (isHeaders(value) || value instanceof Map) return [...own, ...[...value].flat()]
    return [...own, (value as { headers?: unknown }).headers]
  } catch {
    return []
  }
}

function isHeaders(value: object): value is Headers {
  return typeof Headers === 'function' && value instanceof Headers
}
