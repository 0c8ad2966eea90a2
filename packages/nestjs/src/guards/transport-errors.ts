import { type ExecutionContext, HttpException } from '@nestjs/common'
import { MembershipsHttpException } from '../errors/refusal.js'

/**
 * A refusal in the form that the transport passes on to the caller. Nest answers any other exception of a message with
 * "Internal server error".
 */
export async function inTermsOfTransport(
  refused: unknown,
  context: ExecutionContext,
): Promise<unknown> {
  if (!(refused instanceof HttpException)) return refused
  const type = context.getType<string>()
  if (type !== 'rpc' && type !== 'ws') return refused
  const content = { status: 'error', statusCode: refused.getStatus(), ...reasonOf(refused) }
  if (type === 'rpc') {
    const microservices = await import('@nestjs/microservices').catch(() => undefined)
    return microservices === undefined ? refused : new microservices.RpcException(content)
  }
  const websockets = await import('@nestjs/websockets').catch(() => undefined)
  // With the name of the message, as Nest's own errors have it.
  const cause = { pattern: context.switchToWs().getPattern() }
  return websockets === undefined ? refused : new websockets.WsException({ ...content, cause })
}

function reasonOf(refused: HttpException): { message: string; code?: string } {
  const [error] = refused instanceof MembershipsHttpException ? refused.envelope.errors : []
  return { message: refused.message, ...(error !== undefined && { code: error.code }) }
}
