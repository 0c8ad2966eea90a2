import type { ExecutionContext } from '@nestjs/common'
import { untilAborted } from '../abort/until-aborted.js'
import { refusal } from '../errors/refusal.js'
import { type AdapterResponse, rawResponse } from '../http/json-response.js'

/** ms that a guard may take; how long the handler takes is the app's affair */
const deadline = 8_000

/**
 * Runs what a guard waits for, until the deadline has come or the caller of an HTTP request has gone.
 *
 * @throws HttpException 504 at the deadline
 */
export async function withinDeadline<T>(
  context: ExecutionContext,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const timer = setTimeout(() => {
    controller.abort(
      refusal(504, {
        message: 'Gateway timeout',
        long_message: `The access could not be checked within ${deadline / 1000} seconds.`,
        code: 'upstream_timeout',
      }),
    )
  }, deadline)
  // Nobody reads this answer; it only ends what is under way.
  const onClose = () => controller.abort(refusal(499))
  const response =
    context.getType<string>() === 'http'
      ? rawResponse(context.switchToHttp().getResponse<AdapterResponse>())
      : undefined
  // Whoever left during a guard before this one has no more to say.
  if (response?.destroyed) onClose()
  response?.once('close', onClose)
  try {
    return await untilAborted(run(controller.signal), controller.signal)
  } finally {
    clearTimeout(timer)
    response?.off('close', onClose)
  }
}
