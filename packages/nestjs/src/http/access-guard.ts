import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import {
  MembershipAccess,
  type MembershipRequest,
  type MountedOperation,
} from '../access/membership-access.js'
import { callerOf } from '../access/membership-grant.js'
import { requireAccess } from '../access/require-access.js'
import type { AdapterResponse } from './json-response.js'
import { callOf, setCaller } from './membership-call.js'
import { mountedOperationOf } from './mounted-operation.js'

/** Asks the policy of the mount before a mounted handler runs. */
@Injectable()
export class OrganizationMembershipsAccessGuard implements CanActivate {
  readonly #access: MembershipAccess

  constructor(@Inject(MembershipAccess) access: MembershipAccess) {
    this.#access = access
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp()
    const { call } = await callOf(
      operationOf(context),
      http.getRequest<MembershipRequest>(),
      http.getResponse<AdapterResponse>(),
    )
    setCaller(call, callerOf(await requireAccess(this.#access, call)))
    return true
  }
}

/**
 * Never by the identity of the function: tracing wraps handlers. What wraps them keeps their metadata as a rule, and
 * their name otherwise.
 */
function operationOf(context: ExecutionContext): MountedOperation {
  const handler = context.getHandler()
  const { prototype } = context.getClass<object>()
  const declared: unknown = Object.getOwnPropertyDescriptor(prototype, handler.name)?.value
  const operation = mountedOperationOf(handler) ?? mountedOperationOf(declared)
  if (operation !== undefined) return operation
  throw new Error(
    `The handler '${handler.name}' of the mounted routes has lost both its metadata and its name, so nobody can be ` +
      'authorized for it. Something in this app wraps handlers: make it keep one of them.',
  )
}
