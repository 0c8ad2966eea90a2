import { onAbort, reasonOf } from './abort.js'
import { assertSignal } from './arguments.js'
import { checkHeaders, type HeaderOptions } from './headers.js'
import {
  type RequestOptions,
  type ResolvedOptions,
  resolveMaxRetries,
  resolveTimeout,
} from './options.js'

/** Holds back the attempts of several calls together, after one of them was told to wait. */
export class Pace {
  #resumeAt = 0

  pause(ms: number): void {
    this.#resumeAt = Math.max(this.#resumeAt, performance.now() + ms)
  }

  /** How long the next attempt has to wait, ms. */
  get wait(): number {
    return Math.max(0, this.#resumeAt - performance.now())
  }
}

/** What all attempts of one call share. */
export interface Call {
  readonly number: number
  readonly signal: AbortSignal | undefined
  /** ms for one attempt */
  readonly timeout: number
  /** ms for all of them */
  readonly totalTimeout: number
  /** When `totalTimeout` is over, by `performance.now()`. */
  readonly deadline: number
  readonly maxRetries: number
  readonly headers: HeaderOptions | undefined
  readonly pace: Pace | undefined
}

let calls = 0

export function openCall(client: ResolvedOptions, options: RequestOptions = {}, pace?: Pace): Call {
  assertSignal(options.signal)
  const totalTimeout = resolveTimeout('totalTimeout', options.totalTimeout) ?? client.totalTimeout
  calls += 1
  return {
    number: calls,
    signal: options.signal,
    timeout: resolveTimeout('timeout', options.timeout) ?? client.timeout,
    totalTimeout,
    deadline: performance.now() + totalTimeout,
    maxRetries: resolveMaxRetries(options.maxRetries) ?? client.maxRetries,
    headers: checkHeaders(options.headers),
    pace,
  }
}

/** Waits, unless the signal aborts: then it rejects with the signal's reason. Leaves neither timer nor listener. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(reasonOf(signal))
      return
    }
    const timer = setTimeout(() => {
      unlisten()
      resolve()
    }, ms)
    const unlisten = onAbort(signal, () => {
      clearTimeout(timer)
      unlisten()
      reject(reasonOf(signal))
    })
  })
}
