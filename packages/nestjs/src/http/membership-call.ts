import type { ServerResponse } from 'node:http'
import { isJSONObject } from '@org-memberships/core/contract'
import type {
  MembershipCall,
  MembershipRequest,
  MountedOperation,
} from '../access/membership-access.js'
import { lifetimeOf } from './request-lifetime.js'

const calls = new WeakMap<MembershipRequest, MembershipCall>()

/** The call that a request makes: the same object for the guard and for the handler. */
export function callOf(
  operation: MountedOperation,
  request: MembershipRequest,
  response: ServerResponse | { raw: ServerResponse },
): MembershipCall {
  const known = calls.get(request)
  if (known !== undefined) return known
  const body = isJSONObject(request.body) ? request.body : {}
  const userId = operation === 'create' ? body.user_id : request.params.user_id
  const call: MembershipCall = {
    operation,
    organizationId: request.params.organization_id ?? '',
    ...(typeof userId === 'string' && { userId }),
    ...(typeof body.role === 'string' && { role: body.role }),
    request,
    signal: lifetimeOf(request, response),
  }
  calls.set(request, call)
  return call
}
