import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { ServedRouteName } from '../server/router.js'
import type { RequestLogEntry } from '../server/request-log.js'

/** Which of the coming requests are meant. */
export interface RequestSelector {
  /** @default every route, and paths that are none */
  route?: ServedRouteName | readonly ServedRouteName[] | undefined
  /** Narrows further: asked for each request of the route. */
  match?: ((request: RequestLogEntry) => boolean) | undefined
  /** How many of them; `Infinity` for all until `reset`. @default 1 */
  times?: number | undefined
}

/** The request is answered with an error, or with anything else that is no answer of this API. */
export interface StatusFault extends RequestSelector {
  /** 400 to 599, 300 to 399 for a redirect (without a body), and with a `body` 200 to 599. */
  status: number
  /** The error's code. @default what the API answers with this status */
  code?: string | undefined
  /** The error's long message. @default what the API answers with this status */
  message?: string | undefined
  /** Sent as `Retry-After`, seconds. */
  retryAfter?: number | undefined
  headers?: { readonly [name: string]: string } | undefined
  /** Sent as it is, in place of an error in the API's envelope: an HTML page, an empty text. */
  body?: string | undefined
  /** The request is carried out, and only then answered with the fault. @default false */
  applied?: boolean | undefined
  fault?: never
}

/** The network fails. */
export interface NetworkFault extends RequestSelector {
  /**
   * - `reset`: the connection breaks without an answer
   * - `stall`: no answer comes, and the connection stays open
   * - `truncate`: the request is carried out, and the connection breaks in the middle of the answer
   */
  fault: 'reset' | 'stall' | 'truncate'
  /** The request is carried out, and only its answer is lost. @default false; always so with `truncate` */
  applied?: boolean | undefined
  status?: never
}

export type FaultOptions = StatusFault | NetworkFault

/** A fault that waits for its requests. */
export interface PlannedFault {
  /** Requests that it will still hit. */
  readonly remaining: number
  /** Hits no more requests. */
  cancel(): void
}

/** The faults that were ordered and not used up yet. The one ordered first hits first. */
export class FaultPlan {
  #planned: { options: FaultOptions; remaining: number }[] = []

  failNext(options: FaultOptions): PlannedFault {
    assertFault(options)
    const planned = { options, remaining: options.times ?? 1 }
    this.#planned.push(planned)
    return {
      get remaining() {
        return planned.remaining
      },
      cancel: () => {
        planned.remaining = 0
      },
    }
  }

  /** The fault that this request is to meet, if any. */
  take(request: RequestLogEntry): FaultOptions | undefined {
    this.#planned = this.#planned.filter(({ remaining }) => remaining > 0)
    const hit = this.#planned.find(({ options }) => isSelected(options, request))
    if (hit === undefined) return undefined
    hit.remaining -= 1
    return hit.options
  }

  clear(): void {
    for (const planned of this.#planned) planned.remaining = 0
    this.#planned = []
  }
}

export function isSelected({ route, match }: RequestSelector, request: RequestLogEntry): boolean {
  if (route !== undefined) {
    const names: readonly (ServedRouteName | null)[] = typeof route === 'string' ? [route] : route
    if (!names.includes(request.route)) return false
  }
  return match?.(request) ?? true
}

const networkFaults: ReadonlySet<string> = new Set(['reset', 'stall', 'truncate'])

/** Node writes these itself; a test that lies in them takes `truncate` or `reset`. */
const ownHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What cannot be written is refused at the call: later it would be a hang, or a 500 that nobody ordered. */
function assertFault(options: FaultOptions): void {
  const { status, fault, times = 1 } = options
  const isStatus = Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599
  const isFault = fault !== undefined && networkFaults.has(fault)
  if (isStatus === isFault) {
    throw new RangeError(
      "failNext takes either a status from 200 to 599, or a fault: 'reset', 'stall' or 'truncate'.",
    )
  }
  if (status !== undefined) assertAnswer(options as StatusFault)
  if (times === Infinity || (Number.isInteger(times) && times > 0)) return
  throw new RangeError(`failNext takes a positive number of times; received ${times}.`)
}

function assertAnswer({ status, headers = {}, body, retryAfter }: StatusFault): void {
  if (status < 300 && body === undefined) {
    throw new RangeError(
      `failNext: an error has a status from 400 to 599, a redirect from 300; with ${status}, say which body to send.`,
    )
  }
  if (body !== undefined && body !== '' && [204, 205, 304].includes(status)) {
    throw new RangeError(`failNext: an answer of ${status} has no body.`)
  }
  if (retryAfter !== undefined && !(retryAfter >= 0 && Number.isFinite(retryAfter))) {
    throw new RangeError(`failNext: retryAfter takes seconds; received ${retryAfter}.`)
  }
  for (const [name, value] of Object.entries(headers)) {
    if (ownHeaders.has(name.toLowerCase())) {
      throw new RangeError(`failNext: the header ${name} is the server's own.`)
    }
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch (error) {
      throw new RangeError(`failNext: ${(error as Error).message}.`, { cause: error })
    }
  }
}
