import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import { throwError } from 'rxjs'
import type { AdapterResponse } from '../http/json-response.js'
import { answerToClientError, answerToError, isClientError } from './error-answer.js'
import { sendErrorAnswer } from './error-response.js'
import { logFailure } from './failure-log.js'
import { MembershipsHttpException } from './refusal.js'

/**
 * What the filter is for. Nest asks `instanceof` before it calls a filter; so anything else goes on to the app's other
 * filters, and to Nest's own, as if this one were not there.
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- Nest wants a class to ask.
abstract class ErrorOfThisPackage {
  static [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof MembershipsHttpException || isClientError(error)
  }
}

/**
 * Answers errors of the core client on the app's own routes in the API's envelope and with the right status, and so
 * the refusals of `OrganizationMembershipGuard`: `{ provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter }`.
 * All other exceptions are answered as without it. The mounted routes need no filter.
 */
@Catch(ErrorOfThisPackage)
export class OrganizationMembershipsExceptionFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): unknown {
    switch (host.getType<string>()) {
      case 'http':
        return this.#answer(exception, host.switchToHttp().getResponse<AdapterResponse>())
      case 'rpc':
        return answerToMessage(exception)
      case 'ws':
        return answerToSocket(exception, host)
      default:
        // GraphQL and other contexts take an exception as it is: `undefined` leaves it to Nest.
        return undefined
    }
  }

  #answer(exception: unknown, response: AdapterResponse): void {
    const answer = answerToClientError(exception) ?? answerToError(exception)
    if (answer.status >= 500) logFailure(exception)
    sendErrorAnswer(response, answer)
  }
}

/** A refusal with its reason. `undefined` leaves any other error to Nest, which logs it and says nothing of it. */
function answerToMessage(exception: unknown): unknown {
  if (!(exception instanceof MembershipsHttpException)) return undefined
  const { message } = exception
  return throwError(() => ({ status: 'error', message }))
}

/** What Nest's own filter sends to a socket, which it leaves to a filter that takes the exception. */
function answerToSocket(exception: unknown, host: ArgumentsHost): void {
  const context = host.switchToWs()
  const isRefusal = exception instanceof MembershipsHttpException
  if (!isRefusal) logFailure(exception)
  const payload = {
    status: 'error',
    message: isRefusal ? exception.message : 'Internal server error',
    cause: { pattern: context.getPattern(), data: context.getData<unknown>() },
  }
  const client =
    context.getClient<
      Partial<{ readyState: unknown; send(text: string): void; emit(...event: unknown[]): void }>
    >()
  // A plain WebSocket emits its own events only; one of Socket.IO has no numeric state.
  if (typeof client.readyState === 'number') {
    client.send?.(JSON.stringify({ event: 'exception', data: payload }))
  } else client.emit?.('exception', payload)
}
