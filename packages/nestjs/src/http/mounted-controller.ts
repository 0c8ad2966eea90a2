import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Header,
  HttpCode,
  Inject,
  Injectable,
  Req,
  RequestMapping,
  RequestMethod,
  Res,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common'
import {
  fillPath,
  type HTTPMethod,
  type OrganizationMembershipsClient,
  routes,
} from '@org-memberships/core'
import type { ServerResponse } from 'node:http'
import {
  MembershipAccess,
  type MembershipRequest,
  type MountedOperation,
} from '../access/membership-access.js'
import { mountedClientToken } from '../client/mounted-client.js'
import { OrganizationMembershipsExceptionFilter } from '../errors/exception-filter.js'
import { unauthorized } from '../errors/refusal.js'
import { callOf } from './membership-call.js'
import { handlers, type MembershipSerializer, type Mount } from './operations.js'
import { documentController } from './openapi.js'
import { type MembershipListFilter, openParameters } from './request-reading.js'
import { untilAborted } from './request-lifetime.js'

type Response = ServerResponse | { raw: ServerResponse }

export interface MountedControllerOptions {
  readonly path: string
  readonly operations: readonly MountedOperation[]
  readonly filters: readonly MembershipListFilter[]
  readonly serialize: MembershipSerializer | undefined
}

export const mountedAccessToken = Symbol('MembershipAccessOfThisMount')

const requestMethods: { readonly [Method in HTTPMethod]: RequestMethod } = {
  GET: RequestMethod.GET,
  POST: RequestMethod.POST,
  PATCH: RequestMethod.PATCH,
  DELETE: RequestMethod.DELETE,
}

/**
 * A controller for one mount. Paths are metadata of a class and of its functions, so each mount gets classes and
 * functions of its own. The decorators are called as functions, since what they say is only known here.
 */
export function createMountedController(options: MountedControllerOptions): Type<object> {
  const { path, operations, filters, serialize } = options
  const operationOf = new Map<unknown, MountedOperation>()

  class OrganizationMembershipsAccessGuard implements CanActivate {
    readonly #access: MembershipAccess

    constructor(access: MembershipAccess) {
      this.#access = access
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const http = context.switchToHttp()
      const operation = operationOf.get(context.getHandler())
      if (operation === undefined) return false
      const call = callOf(
        operation,
        http.getRequest<MembershipRequest>(),
        http.getResponse<Response>(),
      )
      const granted: unknown = await untilAborted(this.#access.authorize(call), call.signal)
      // JavaScript lets a policy return anything; only what the type says grants access.
      if (typeof granted === 'object') return true
      throw unauthorized('You are not authorized to perform this request')
    }
  }
  Injectable()(OrganizationMembershipsAccessGuard)
  Inject(mountedAccessToken)(OrganizationMembershipsAccessGuard, undefined, 0)

  class OrganizationMembershipsController {
    readonly mount: Mount

    constructor(client: OrganizationMembershipsClient, access: MembershipAccess) {
      this.mount = { client, access, filters, serialize }
    }
  }
  Controller({ path, version: VERSION_NEUTRAL })(OrganizationMembershipsController)
  UseGuards(OrganizationMembershipsAccessGuard)(OrganizationMembershipsController)
  UseFilters(OrganizationMembershipsExceptionFilter)(OrganizationMembershipsController)
  Inject(mountedClientToken)(OrganizationMembershipsController, undefined, 0)
  Inject(mountedAccessToken)(OrganizationMembershipsController, undefined, 1)

  for (const operation of operations) {
    const prototype = OrganizationMembershipsController.prototype
    const handler = function (
      this: OrganizationMembershipsController,
      request: MembershipRequest,
      response: Response,
    ): Promise<unknown> {
      return handlers[operation](this.mount, callOf(operation, request, response))
    }
    operationOf.set(handler, operation)
    Object.defineProperty(handler, 'name', { value: operation })
    const descriptor = { value: handler, writable: true, configurable: true, enumerable: false }
    Object.defineProperty(prototype, operation, descriptor)
    Req()(prototype, operation, 0)
    Res({ passthrough: true })(prototype, operation, 1)
    const route = routes[operation]
    RequestMapping({
      method: requestMethods[route.method],
      path: fillPath(route.path, (parameter) => `:${parameter}`),
    })(prototype, operation, descriptor)
    HttpCode(200)(prototype, operation, descriptor)
    Header('Cache-Control', 'no-store')(prototype, operation, descriptor)
  }
  documentController(OrganizationMembershipsController, operations, openParameters(filters))
  return OrganizationMembershipsController
}
