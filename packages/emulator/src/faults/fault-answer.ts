import { Failure, failures } from '../api/failures.js'
import { refusal } from '../server/refusal.js'
import type { Answer } from '../server/message.js'
import type { StatusFault } from './faults.js'

/** What a `StatusFault` answers. */
export function faultAnswer({
  status,
  code,
  message,
  retryAfter,
  headers = {},
  body,
}: StatusFault): Answer {
  const all = {
    ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    ...headers,
  }
  // A redirect has no error to show.
  if (body !== undefined || status < 400) return { status, headers: all, body: body ?? '' }
  const usual = usualError(status)
  const error = {
    message: message ?? usual.message,
    long_message: message ?? usual.long_message,
    code: code ?? usual.code,
  }
  return refusal(new Failure(status, error, all))
}

const usualFailures: { readonly [status: number]: Failure } = {
  400: failures.body(),
  401: failures.secretKey(),
  403: failures.notAuthorized(),
  404: failures.membership(),
  409: failures.locked(),
  429: failures.tooManyRequests(1),
  500: failures.internal(),
  503: failures.unavailable(),
}

/** The error that the API answers most often with a status. */
function usualError(status: number) {
  const failure =
    usualFailures[status] ?? (status >= 500 ? failures.unavailable() : failures.body())
  return failure.errors[0] as (typeof failure.errors)[number]
}
