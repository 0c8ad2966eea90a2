import type { ExecutionContext } from '@nestjs/common'
import { untilAborted } from '../abort/until-aborted.js'
import { callerGone, gatewayTimeout } from '../errors/refusal.js'
import { type AdapterResponse, rawResponse } from '../http/json-response.js'
import { deadline } from '../http/request-lifetime.js'

/**
 * Runs what a guard waits for, until the deadline has come or the caller of an HTTP request has gone. How long the handler
 * takes afterwards is the app's affair.
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
      gatewayTimeout(`The access could not be checked within ${deadline / 1000} seconds.`),
    )
  }, deadline)
  const onClose = () => controller.abort(callerGone())
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
