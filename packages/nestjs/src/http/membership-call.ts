import { Readable } from 'node:stream'
import type {
  MembershipCall,
  MembershipRequest,
  MountedOperation,
} from '../access/membership-access.js'
import { untilAborted } from '../abort/until-aborted.js'
import type { AdapterResponse } from './json-response.js'
import { bodyOfFastify } from './fastify-routes.js'
import { readBody, type RequestBody } from './request-body.js'
import { lifetimeOf } from './request-lifetime.js'

/** A call, and the body that its handler reads. */
export interface ReceivedCall {
  readonly call: MembershipCall
  readonly body: RequestBody
}

const calls = new WeakMap<MembershipRequest, Promise<ReceivedCall>>()

/** bytes; the default of Express's own parser */
const unparsedLimit = 100 * 1024

/** The call that a request makes: the same object for the guard and for the handler. */
export function callOf(
  operation: MountedOperation,
  request: MembershipRequest,
  response: AdapterResponse,
): Promise<ReceivedCall> {
  const known = calls.get(request)
  if (known !== undefined) return known
  const call = receive(operation, request, response)
  calls.set(request, call)
  return call
}

async function receive(
  operation: MountedOperation,
  request: MembershipRequest,
  response: AdapterResponse,
): Promise<ReceivedCall> {
  const signal = lifetimeOf(request, response)
  const body = operation === 'list' ? noBody : await untilAborted(bodyOf(request), signal)
  const fields = body.kind === 'object' ? body.value : {}
  const userId = operation === 'create' ? fields.user_id : request.params.user_id
  const call: MembershipCall = {
    operation,
    organizationId: request.params.organization_id ?? '',
    ...(typeof userId === 'string' && { userId }),
    ...(typeof fields.role === 'string' && { role: fields.role }),
    request,
    signal,
    fresh: false,
  }
  return { call, body }
}

const noBody: RequestBody = { kind: 'none' }

async function bodyOf(request: MembershipRequest): Promise<RequestBody> {
  const read = bodyOfFastify(request)
  if (read !== undefined) return read
  const { headers, body: parsed } = request
  const stream: unknown = request instanceof Readable ? request : request.raw
  if (!(stream instanceof Readable)) return noBody
  return readBody({ headers, parsed, stream, limit: unparsedLimit })
}

const callers = new WeakMap<MembershipCall, string>()

/** Remembers who was granted a call. */
export function setCaller(call: MembershipCall, caller: string | undefined): void {
  if (caller !== undefined) callers.set(call, caller)
}

/**
 * Who was granted a call. Callers without a name are told apart by their address: by connection, one that opens many would
 * count as many.
 */
export function callerOfCall(call: MembershipCall): string | object {
  const { socket } = call.request as { socket?: { remoteAddress?: unknown } | null }
  const address = socket?.remoteAddress
  return callers.get(call) ?? (typeof address === 'string' ? `address ${address}` : call)
}
