import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { AdapterResponse } from './json-response.js'
import { answerToClientError, answerToError, isClientError } from '../errors/error-answer.js'
import { sendErrorAnswer } from './error-response.js'
import { logFailure } from '../errors/failure-log.js'
import { MembershipsHttpException } from '../errors/refusal.js'

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
      case 'ws':
        return answerAsNest(exception, host)
      default:
        // Microservices, GraphQL and others: `undefined` leaves the exception to Nest.
        return undefined
    }
  }

  #answer(exception: unknown, response: AdapterResponse): void {
    const answer = answerToClientError(exception) ?? answerToError(exception)
    if (answer.status >= 500) logFailure(exception)
    sendErrorAnswer(response, answer)
  }
}

/** Of sockets alone Nest takes what a filter was asked about for answered; so its own filter is asked. */
async function answerAsNest(exception: unknown, host: ArgumentsHost): Promise<void> {
  const { BaseWsExceptionFilter } = await import('@nestjs/websockets')
  new BaseWsExceptionFilter().catch(exception as Error, host)
}
