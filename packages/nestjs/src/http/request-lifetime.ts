import type { ServerResponse } from 'node:http'
import { refusal } from '../errors/refusal.js'

/** ms from the guard to the answer. */
const deadline = 8_000

const signals = new WeakMap<object, AbortSignal>()

/** Aborted when the caller has gone, or when the deadline has come. One for each request. */
export function lifetimeOf(
  request: object,
  response: ServerResponse | { raw: ServerResponse },
): AbortSignal {
  const known = signals.get(request)
  if (known !== undefined) return known
  const raw = 'raw' in response ? response.raw : response
  const controller = new AbortController()
  const timer = setTimeout(
    () =>
      controller.abort(
        refusal(504, {
          message: 'Gateway timeout',
          long_message: `The request could not be completed within ${deadline / 1000} seconds.`,
          code: 'upstream_timeout',
        }),
      ),
    deadline,
  )
  raw.once('close', () => {
    clearTimeout(timer)
    // Nobody reads this answer; it only ends what is under way.
    if (!raw.writableFinished) controller.abort(refusal(499))
  })
  signals.set(request, controller.signal)
  return controller.signal
}
