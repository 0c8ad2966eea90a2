import { type AdapterResponse, sendJSON } from './json-response.js'
import { answerToError, type ErrorAnswer } from '../errors/error-answer.js'
import { logFailure } from '../errors/failure-log.js'

/** Answers whatever failed on a mounted route, in the API's envelope. */
export function respondWithError(exception: unknown, response: AdapterResponse): void {
  const answer = answerToError(exception)
  if (answer.status >= 500) logFailure(exception)
  sendErrorAnswer(response, answer)
}

export function sendErrorAnswer(
  response: AdapterResponse,
  { status, body, retryAfter }: ErrorAnswer,
): void {
  sendJSON(response, {
    status,
    body,
    headers: {
      'Cache-Control': 'no-store',
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      ...(retryAfter !== undefined && { 'Retry-After': String(Math.ceil(retryAfter / 1000)) }),
    },
  })
}
