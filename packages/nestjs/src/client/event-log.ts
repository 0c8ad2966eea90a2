import { Logger } from '@nestjs/common'
import type { ClientEvent, ClientOptions } from '@org-memberships/core'
import { RateLimitedLogger } from '../logging/rate-limited-logger.js'

/**
 * Writes what a client does to Nest's logger: each answer at level `debug`, what somebody should look at as a warning
 * or an error, once for each cause and second: in an outage every request says the same. Events hold no credential, no id and no metadata, so neither do the lines.
 */
export function logEvents(
  name: string | undefined,
  onEvent: ClientOptions['onEvent'],
): NonNullable<ClientOptions['onEvent']> {
  const logger = new Logger(
    name === undefined ? 'OrganizationMemberships' : `OrganizationMemberships:${name}`,
  )
  const failures = new RateLimitedLogger(logger)
  return (event) => {
    log(logger, failures, event)
    onEvent?.(event)
  }
}

function log(logger: Logger, failures: RateLimitedLogger, event: ClientEvent): void {
  const what = `${event.operation} #${event.call}`
  if (event.type === 'retry') {
    failures.warn(
      `retry ${event.reason}`,
      `${what}: again in ${event.delay} ms, because of ${event.reason}`,
    )
  }
  if (event.type !== 'response') return
  const { status, ms, error, code, traceId, attempt, method, route } = event
  const outcome = [
    `${what}: ${method} ${route} ${status ?? 'no answer'} in ${Math.round(ms)} ms`,
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(error === undefined ? [] : [error]),
    ...(code === undefined ? [] : [code]),
    ...(traceId === undefined ? [] : [`trace ${traceId}`]),
  ].join(', ')
  // Our own key is not accepted: nothing works until somebody mends it.
  if (status === 401) failures.error('401', outcome)
  else if (error === 'Aborted' || isAnswer(status)) logger.debug(outcome)
  else failures.warn(`${status ?? 'no answer'} ${error}`, outcome)
}

/** True where the API did its work, if only to say no. */
function isAnswer(status: number | undefined): boolean {
  return status !== undefined && status < 500 && status !== 429
}
