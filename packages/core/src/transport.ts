import { onAbort, reasonOf, throwIfAborted } from './abort.js'
import {
  type Answer,
  type AttemptPosition,
  readAnswer,
  redact,
  withoutCredential,
} from './answer.js'
import { type Call, pause } from './call.js'
import { type RouteName, routes } from './contract/routes.js'
import {
  ConnectionError,
  isOrganizationMembershipsError,
  isRateLimitError,
  type RequestDescription,
  TimeoutError,
} from './errors.js'
import { outcomeOf } from './events.js'
import { withHeaders } from './headers.js'
import type { ResolvedOptions } from './options.js'
import {
  delayBeforeRetry,
  isCertificateCode,
  mayHaveActed,
  retryReasonFor,
  tokenFailed,
} from './retry.js'

export interface TransportRequest<T> {
  readonly operation: RouteName
  /** Below the base URL, ids encoded. */
  readonly path: string
  /** Encoded, without the question mark. */
  readonly search?: string
  /** JSON, already written. */
  readonly body?: string
  /** Turns the answer's JSON into the result; throws `ContractShapeError` where it is of another shape. */
  readonly parse: (json: unknown) => T
}

/**
 * What a request that must not simply be repeated does after a failure that leaves open whether it was carried out: returns
 * the result, or `undefined` for it to be sent again, or throws.
 */
export type Settle<T> = (
  error: Error,
  failure: { lost: boolean; again: boolean },
) => Promise<T | undefined>

/**
 * Sends a request, and sends it again after a failure that may pass. Returns the result or throws.
 *
 * @param settle for a request that may not be carried out twice; without it, it may
 */
export async function send<T>(
  client: ResolvedOptions,
  call: Call,
  request: TransportRequest<T>,
  settle?: Settle<T>,
): Promise<T> {
  let afterLostAnswer = false
  let failure: unknown
  for (let attempts = 1; ; attempts++) {
    try {
      return await sendOnce(client, call, request, { attempts, afterLostAnswer }, failure)
    } catch (error) {
      const lost = mayHaveActed(error)
      // After the pause, so that what the server is still working on has time to end.
      const again = await pauseBeforeRetry(client, call, request, attempts, error)
      // A refusal after a lost answer may be the doing of the first send: already a member, or the last seat taken.
      if (settle && (lost || (afterLostAnswer && !again))) {
        const settled = await settle(error as Error, { lost, again })
        if (settled !== undefined) return settled
      } else if (!again) {
        throw error
      }
      afterLostAnswer ||= lost
      failure = error
    }
  }
}

/**
 * A timer may fire this much before its time, ms: the attempt that the total timeout has just ended must not be followed
 * by one of a fraction of a millisecond.
 */
const earliness = 2

/** Waits as long as it takes before the next attempt; false, at once, where there is to be none. */
async function pauseBeforeRetry<T>(
  client: ResolvedOptions,
  call: Call,
  request: TransportRequest<T>,
  attempt: number,
  error: unknown,
): Promise<boolean> {
  const reason = retryReasonFor(error)
  if (reason === undefined || attempt > call.maxRetries) return false
  const delay = delayBeforeRetry({
    retry: attempt,
    retryAfter: (error as { retryAfter?: number }).retryAfter,
    maxRetryDelay: client.maxRetryDelay,
    random: Math.random(),
  })
  if (delay === undefined) return false
  if (performance.now() + delay + earliness >= call.deadline) return false
  client.onEvent?.({ type: 'retry', ...attemptOf(call, request, attempt), reason, delay })
  if (isRateLimitError(error)) call.pace?.pause(delay)
  await pause(delay, call.signal)
  return true
}

/** One attempt: headers, timeout and signal, fetch, parse. */
async function sendOnce<T>(
  client: ResolvedOptions,
  call: Call,
  request: TransportRequest<T>,
  position: AttemptPosition,
  earlierFailure?: unknown,
): Promise<T> {
  const { signal } = call
  throwIfAborted(signal)
  for (let wait = call.pace?.wait; wait; wait = call.pace?.wait) {
    const left = call.deadline - performance.now()
    if (left <= 0) break
    await pause(Math.min(wait, left), signal)
  }

  const started = performance.now()
  const remaining = call.deadline - started
  const description = { method: routes[request.operation].method, path: request.path }
  const timedOut =
    call.timeout <= remaining
      ? () => new TimeoutError(description, call.timeout, position)
      : () =>
          new TimeoutError(description, call.totalTimeout, { ...position, cause: earlierFailure })
  if (remaining <= 0) throw timedOut()

  const attempt = client.onEvent && attemptOf(call, request, position.attempts)
  if (attempt) client.onEvent?.({ type: 'request', ...attempt })
  let answer: Answer | undefined
  let failure: unknown

  try {
    answer = await untilCut(signal, Math.min(call.timeout, remaining), timedOut, (cut) =>
      exchange(client, call, request, description, position.attempts, cut),
    )
    return readAnswer(description, answer, request.parse, position)
  } catch (error) {
    failure = error
    throw error
  } finally {
    if (attempt) {
      const ms = performance.now() - started
      client.onEvent?.({ type: 'response', ...attempt, ms, ...outcomeOf(answer, failure) })
    }
  }
}

/**
 * Runs until the end, or until the caller aborts or the time is over, whichever comes first: a token callback or a given
 * fetch may not heed the signal that it gets, and the call ends in time all the same.
 *
 * One controller, one timer and one listener, all gone at the end: AbortSignal.any and .timeout leak on Node 20. What
 * outlives the call leads to nothing of it: Node's fetch keeps the signal until two collections of garbage later, and
 * whatever listens on it (or a timer grown old) would keep the text of the answer too.
 */
async function untilCut<T>(
  signal: AbortSignal | undefined,
  ms: number,
  timedOut: () => Error,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  let refuse: ((reason: unknown) => void) | undefined
  // A listener of events may have aborted just now.
  throwIfAborted(signal)
  const cut = (reason: unknown) => {
    refuse?.(reason)
    controller.abort(reason)
  }
  const unlisten = onAbort(signal, () => cut(reasonOf(signal)))
  const timer = setTimeout(() => cut(timedOut()), ms)
  try {
    return await new Promise<T>((resolve, reject) => {
      refuse = reject
      run(controller.signal).then(resolve, reject)
    })
  } finally {
    refuse = undefined
    clearTimeout(timer)
    unlisten()
  }
}

async function exchange<T>(
  client: ResolvedOptions,
  call: Call,
  request: TransportRequest<T>,
  description: RequestDescription,
  attempts: number,
  signal: AbortSignal,
): Promise<Answer> {
  const sent = client.headers(await credentialFor(client, description, attempts))
  const json = request.body === undefined ? undefined : { 'Content-Type': 'application/json' }
  const headers = withHeaders(withHeaders(sent, json), call.headers)
  const url = `${client.baseURL()}${request.path}${request.search ? `?${request.search}` : ''}`
  const init: RequestInit = {
    method: description.method,
    headers: Object.fromEntries(headers),
    redirect: 'manual',
    signal,
    ...(request.body !== undefined && { body: request.body }),
    ...(description.method === 'GET' && takesCache() && { cache: 'no-store' }),
  }
  // A token that came too late is not to send a request that nobody waits for any more.
  throwIfAborted(signal)
  try {
    const response = await client.fetch(url, init)
    const text = await response.text()
    return { response, text, sent: headers }
  } catch (error) {
    if (isOrganizationMembershipsError(error)) throw error
    const found = codeOf(error)
    const code = found && redact(found, headers)
    throw new ConnectionError(
      description,
      `got no answer${fromHost(client.baseURL())}${code === undefined ? '' : ` (${code})`}.`,
      {
        attempts,
        code,
        sent: !unsentCodes.has(code) && !isCertificateCode(code),
        cause: withoutCredential(error, headers),
      },
    )
  }
}

/** Asks for the credential. Where that fails the request is not sent, and not tried again: it is the app's to look into. */
async function credentialFor(
  client: ResolvedOptions,
  description: RequestDescription,
  attempts: number,
): Promise<string | undefined> {
  try {
    return await client.credential()
  } catch (error) {
    if (isOrganizationMembershipsError(error)) throw error
    throw new ConnectionError(description, 'was not sent: getToken threw an error, its cause.', {
      attempts,
      code: tokenFailed,
      sent: false,
      cause: error,
    })
  }
}

let cacheIsTaken: boolean | undefined

/**
 * True where a request can say that it must not be answered from a cache, as Next.js has one for every `fetch` on a server.
 * Older Cloudflare Workers throw at the mere option. Asked at the first request, since in Node.js it loads the HTTP client.
 */
function takesCache(): boolean {
  if (cacheIsTaken === undefined) {
    try {
      cacheIsTaken = new Request('https://localhost', { cache: 'no-store' }).cache === 'no-store'
    } catch {
      cacheIsTaken = false
    }
  }
  return cacheIsTaken
}

/** The origin alone; the page knows its own, which a path below it is asked of. */
function fromHost(baseURL: string): string {
  const [origin] = /^https?:\/\/[^/\\]+/i.exec(baseURL) ?? []
  return origin === undefined ? '' : ` from ${origin}`
}

/** With these the connection was never made. */
const unsentCodes: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'ConnectionRefused',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What the runtime says of a lost connection, such as `ECONNREFUSED`, sits a level or two down. */
function codeOf(error: unknown): string | undefined {
  for (let level = error, depth = 0; depth < 5; depth++) {
    if (typeof level !== 'object' || level === null) return undefined
    const { code, cause } = level as { code?: unknown; cause?: unknown }
    if (typeof code === 'string') return code
    level = cause
  }
  return undefined
}

function attemptOf<T>(call: Call, { operation }: TransportRequest<T>, attempt: number) {
  const { method, path } = routes[operation]
  return { call: call.number, operation, method, route: path, attempt }
}
