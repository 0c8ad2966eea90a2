import { randomUUID } from 'node:crypto'
import type { Failure } from '../api/failures.js'
import { type Answer, jsonAnswer } from './message.js'

/** The answer to a refused request: the API's envelope with a trace id (contract, section 7). */
export function refusal({ status, errors, headers }: Failure): Answer {
  const traceId = randomUUID().replaceAll('-', '')
  const body = { errors, clerk_trace_id: traceId }
  return {
    ...jsonAnswer(status, body, { ...headers, 'Clerk-Trace-Id': traceId }),
    code: errors[0]?.code,
  }
}
