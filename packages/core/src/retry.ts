import {
  isAPIError,
  isConflictError,
  isConnectionError,
  isInternalServerError,
  isRateLimitError,
  isResponseParseError,
  isTimeoutError,
} from './errors.js'

// Which failures may be tried again, and after how long. Pure: neither clock nor network.

/** Why an attempt is made again. */
export type RetryReason =
  | 'connection'
  | 'timeout'
  | 'unusable_answer'
  | 'request_timeout'
  | 'locked'
  | 'rate_limit'
  | 'server_error'

/** Why an attempt that failed this way may be made again; `undefined` where it would fail the same way. */
export function retryReasonFor(error: unknown): RetryReason | undefined {
  if (isConnectionError(error)) return mayPass(error.code) ? 'connection' : undefined
  if (isTimeoutError(error)) return 'timeout'
  if (isResponseParseError(error)) return 'unusable_answer'
  if (isRateLimitError(error)) return 'rate_limit'
  if (isInternalServerError(error)) return error.status === 501 ? undefined : 'server_error'
  if (isConflictError(error) && error.code === 'resource_locked') return 'locked'
  if (isAPIError(error) && error.status === 408) return 'request_timeout'
  return undefined
}

/** What stays wrong however often it is tried: a certificate, or a `getToken` that threw. */
function mayPass(code: string | undefined): boolean {
  return code !== tokenFailed && !isCertificateCode(code)
}

/** The code of a ConnectionError whose request was not sent because `getToken` threw. */
export const tokenFailed = 'GET_TOKEN_FAILED'

/** What a TLS library calls a certificate that it does not accept. The request was not sent then. */
export function isCertificateCode(code: string | undefined): boolean {
  return /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/.test(code ?? '')
}

/**
 * True where the server may have carried the request out although it failed here: the answer was lost, unusable, or
 * came from something in between (a gateway's 502 says nothing of the server behind it).
 */
export function mayHaveActed(error: unknown): boolean {
  if (isConnectionError(error)) return error.sent
  if (isInternalServerError(error)) return error.status !== 501
  return isTimeoutError(error) || isResponseParseError(error)
}

export interface RetryTiming {
  /** 1 for the first retry. */
  readonly retry: number
  /** What the server asked to wait, in whole ms. */
  readonly retryAfter: number | undefined
  /** ms */
  readonly maxRetryDelay: number
  /** From 0 to 1. */
  readonly random: number
}

/** The first backoff lies between 0 and this, ms; each further one may be twice as long. */
export const firstBackoff = 500

/**
 * How long to wait before a retry, in whole ms: exponential backoff with full jitter, on top of what the server asked for, so
 * that clients that were all told the same do not come back in one wave. `undefined` when the server asks for more
 * than `maxRetryDelay`.
 *
 * Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function delayBeforeRetry(timing: RetryTiming): number | undefined {
  const { retry, retryAfter = 0, maxRetryDelay, random } = timing
  if (retryAfter > maxRetryDelay) return undefined
  const backoff = random * Math.min(maxRetryDelay, firstBackoff * 2 ** (retry - 1))
  // Downwards undercuts nothing: what the server asked for is whole.
  return Math.floor(Math.min(retryAfter + backoff, maxRetryDelay))
}
