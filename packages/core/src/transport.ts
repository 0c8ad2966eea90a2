import { ContractShapeError } from './contract/mappers.js'
import type { Route } from './contract/routes.js'
import type { ClerkErrorJSON } from './contract/wire.js'
import {
  apiErrorFor,
  ConnectionError,
  isOrganizationMembershipsError,
  RedirectError,
  type RequestDescription,
  ResponseParseError,
  TimeoutError,
} from './errors.js'
import {
  applyHeaders,
  type RequestOptions,
  type ResolvedOptions,
  resolveTimeout,
} from './options.js'

export interface TransportRequest<T> {
  readonly route: Route
  /** Below the base URL, ids encoded. */
  readonly path: string
  readonly search?: URLSearchParams
  /** JSON, already written. */
  readonly body?: string
  /** Turns the answer's JSON into the result; throws `ContractShapeError` where it is of another shape. */
  readonly parse: (json: unknown) => T
}

/** One request: url, headers, timeout and signal, fetch, parse. Returns the result or throws. */
export async function send<T>(
  client: ResolvedOptions,
  request: TransportRequest<T>,
  options: RequestOptions = {},
): Promise<T> {
  const timeout = resolveTimeout(options.timeout) ?? client.timeout
  const { signal } = options
  signal?.throwIfAborted()

  const description = { method: request.route.method, path: request.path }
  // One controller, one timer and one listener, all gone in `finally`: AbortSignal.any and .timeout leak on Node 20.
  const controller = new AbortController()
  const onAbort = () => controller.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => controller.abort(new TimeoutError(description, timeout)), timeout)
  try {
    const { response, text } = await untilAborted(
      exchange(client, request, options, controller.signal),
      controller.signal,
    )
    return readAnswer(description, response, text, request.parse)
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason
    if (isOrganizationMembershipsError(error)) throw error
    throw new ConnectionError(description, `got no answer${reasonOf(error)}.`, { cause: error })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

async function exchange<T>(
  client: ResolvedOptions,
  request: TransportRequest<T>,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<{ response: Response; text: string }> {
  const headers = await client.headers()
  if (request.body !== undefined) headers.set('Content-Type', 'application/json')
  applyHeaders(headers, options.headers ?? {})

  const search = request.search?.toString() ?? ''
  const init: RequestInit = { method: request.route.method, headers, redirect: 'manual', signal }
  if (request.body !== undefined) init.body = request.body
  const response = await client.fetch(
    `${client.baseURL}${request.path}${search === '' ? '' : `?${search}`}`,
    init,
  )
  return { response, text: await response.text() }
}

/** A token callback or a given fetch may not heed the signal; the call ends in time all the same. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject)
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function readAnswer<T>(
  request: RequestDescription,
  response: Response,
  text: string,
  parse: (json: unknown) => T,
): T {
  const { status } = response
  // With `redirect: 'manual'` Node shows the 3xx, a browser an opaque answer of status 0.
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    throw new RedirectError(request)
  }
  const json = parseJSON(text)
  if (!response.ok) {
    throw apiErrorFor(request, {
      status,
      errors: errorsOf(json),
      traceId: traceIdOf(json, response.headers),
      retryAfter: retryAfterOf(response.headers),
    })
  }
  if (json === undefined) {
    const type = response.headers.get('Content-Type') ?? 'no content type'
    const what = text === '' ? 'the answer was empty' : `the answer was not JSON (${type})`
    throw new ResponseParseError(request, status, `${what}. Is baseURL the right address?`)
  }
  try {
    return parse(json)
  } catch (error) {
    if (!(error instanceof ContractShapeError)) throw error
    throw new ResponseParseError(request, status, `${error.message}. Is baseURL the right address?`)
  }
}

function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
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

function traceIdOf(json: unknown, headers: Headers): string | undefined {
  const { clerk_trace_id: traceId } = (json ?? {}) as { clerk_trace_id?: unknown }
  if (typeof traceId === 'string') return traceId
  return headers.get('Clerk-Trace-Id') ?? headers.get('CF-Ray') ?? undefined
}

/** `Retry-After` in ms: seconds, or a date measured against the answer's own `Date`. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')?.trim()
  if (value === undefined || value === '') return undefined
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  const until = Date.parse(value)
  if (Number.isNaN(until)) return undefined
  const now = Date.parse(headers.get('Date') ?? '')
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now))
}

/** What the runtime says of a lost connection, such as `ECONNREFUSED`, sits a level or two down. */
function reasonOf(error: unknown): string {
  for (let level = error, depth = 0; depth < 5; depth++) {
    if (typeof level !== 'object' || level === null) break
    const { code, cause } = level as { code?: unknown; cause?: unknown }
    if (typeof code === 'string') return ` (${code})`
    level = cause
  }
  return ''
}
