import { callerGone, gatewayTimeout } from '../errors/refusal.js'
import { respondWithError } from './error-response.js'
import { type AdapterResponse, rawResponse } from './json-response.js'

/** ms that a caller is kept waiting: from the guard to the answer, or for the guard of one of the app's own routes. */
export const deadline = 8_000

/** ms from the deadline until it is taken that no handler will answer. */
const grace = 1_000

const signals = new WeakMap<object, AbortSignal>()

/** Aborted when the caller has gone, or when the deadline has come. One for each request. */
export function lifetimeOf(request: object, response: AdapterResponse): AbortSignal {
  const known = signals.get(request)
  if (known !== undefined) return known
  const raw = rawResponse(response)
  const controller = new AbortController()
  let unanswered: NodeJS.Timeout | undefined
  const timer = setTimeout(() => {
    const late = gatewayTimeout(
      `The request could not be completed within ${deadline / 1000} seconds.`,
    )
    controller.abort(late)
    // The handler answers by itself, unless an interceptor of the app has kept it from being called.
    unanswered = setTimeout(() => respondWithError(late, response), grace)
  }, deadline)
  raw.once('close', () => {
    clearTimeout(timer)
    clearTimeout(unanswered)
    if (!raw.writableFinished) controller.abort(callerGone())
  })
  signals.set(request, controller.signal)
  return controller.signal
}
