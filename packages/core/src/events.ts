import { type Answer, redact } from './answer.js'
import type { HTTPMethod, RouteName } from './contract/routes.js'
import { isOrganizationMembershipsError } from './errors.js'
import type { RetryReason } from './retry.js'

interface EventOfAttempt {
  /** Counts the calls of the process, whatever the client; the events of one call share it. */
  readonly call: number
  readonly operation: RouteName
  readonly method: HTTPMethod
  /** The path with its parameters in braces: the same for all ids, so fit for a metric's label. */
  readonly route: string
  /** 1 for the first. */
  readonly attempt: number
}

/** An attempt starts. */
export interface RequestEvent extends EventOfAttempt {
  readonly type: 'request'
}

/** An attempt ended: with an answer, or with none. Every `request` event is followed by one of these. */
export interface ResponseEvent extends EventOfAttempt {
  readonly type: 'response'
  /** `undefined` where no answer came. */
  readonly status: number | undefined
  /** From the start of the attempt until its answer was read to the end, ms. */
  readonly ms: number
  /** The error's name, such as `RateLimitError`, or `Aborted`; `undefined` where the attempt succeeded. */
  readonly error: string | undefined
  /** The error's code: the API's (`resource_not_found`) or the runtime's (`ECONNREFUSED`). */
  readonly code: string | undefined
  /** What Clerk's support asks for, of a success too. */
  readonly traceId: string | undefined
  /** Of the answer, by names in lower case; without cookies, and with the credential replaced should it be in one. */
  readonly headers: { readonly [name: string]: string } | undefined
}

/** Another attempt follows after a pause. */
export interface RetryEvent extends EventOfAttempt {
  readonly type: 'retry'
  readonly reason: RetryReason
  /** The pause, in whole ms. */
  readonly delay: number
}

/** What a client does, for logs, metrics and traces. Holds no credential, no header of the request, no body and no id. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent

/** A listener that fails must not fail the call that it listens to. */
export function isolate(
  onEvent: ((event: ClientEvent) => unknown) | undefined,
): ((event: ClientEvent) => void) | undefined {
  return (
    onEvent &&
    ((event) => {
      try {
        const result = onEvent(event)
        if (result instanceof Promise) result.catch(() => {})
      } catch {
        // It is the listener's to report.
      }
    })
  )
}

type Outcome = Pick<ResponseEvent, 'status' | 'error' | 'code' | 'traceId' | 'headers'>

/** How an attempt ended. */
export function outcomeOf(answer: Answer | undefined, failure: unknown): Outcome {
  const headers = answer && visibleHeaders(answer)
  const { code, traceId = headers?.['clerk-trace-id'] ?? headers?.['cf-ray'] } = (failure ??
    {}) as {
    code?: string
    traceId?: string
  }
  const known = isOrganizationMembershipsError(failure)
  const error = known ? failure.name : failure === undefined ? undefined : 'Aborted'
  return {
    status: answer?.response.status,
    error,
    code: known ? code : undefined,
    traceId: failure === undefined || known ? traceId : undefined,
    headers,
  }
}

function visibleHeaders({ response, sent }: Answer): { [name: string]: string } {
  const visible: [string, string][] = []
  response.headers.forEach((value, name) => {
    if (!name.startsWith('set-cookie')) visible.push([name, redact(value, sent)])
  })
  return Object.fromEntries(visible)
}
