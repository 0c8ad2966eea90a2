import { refusal } from '../errors/refusal.js'
import { respondWithError } from './error-response.js'
import { type AdapterResponse, rawResponse } from './json-response.js'

/** ms from the guard to the answer. */
const deadline = 8_000

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
    const late = refusal(504, {
      message: 'Gateway timeout',
      long_message: `The request could not be completed within ${deadline / 1000} seconds.`,
      code: 'upstream_timeout',
    })
    controller.abort(late)
    // The handler answers by itself, unless an interceptor of the app has kept it from being called.
    unanswered = setTimeout(() => respondWithError(late, response), grace)
  }, deadline)
  raw.once('close', () => {
    clearTimeout(timer)
    clearTimeout(unanswered)
    // Nobody reads this answer; it only ends what is under way.
    if (!raw.writableFinished) controller.abort(refusal(499))
  })
  signals.set(request, controller.signal)
  return controller.signal
}
