import {
  Controller,
  Inject,
  Req,
  RequestMapping,
  RequestMethod,
  Res,
  SetMetadata,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common'
import type { OrganizationMembershipsClient } from '@org-memberships/core'
import { fillPath, type HTTPMethod, routes } from '@org-memberships/core/contract'
import {
  MembershipAccess,
  type MembershipRequest,
  type MountedOperation,
} from '../access/membership-access.js'
import { respondWithError } from './error-response.js'
import { MountedExceptionFilter } from './mounted-exception-filter.js'
import { mountedClientToken } from '../client/tokens.js'
import { OrganizationMembershipsAccessGuard } from './access-guard.js'
import { type AdapterResponse, sendJSON } from './json-response.js'
import { callOf } from './membership-call.js'
import { mountedOperationKey } from './mounted-operation.js'
import { handlers, type MembershipSerializer, type Mount } from './operations.js'
import type { ListRules } from './request-reading.js'

export interface MountedControllerOptions {
  readonly path: string
  readonly operations: readonly MountedOperation[]
  readonly list: ListRules
  readonly serialize: MembershipSerializer | undefined
}

/** What `@RouteConfig()` of `@nestjs/platform-fastify` sets, which an app on Express does not have. */
const fastifyRouteConfigKey = '__fastify_route_config__'

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
  const { path, operations, list, serialize } = options

  class OrganizationMembershipsController {
    readonly mount: Mount

    constructor(client: OrganizationMembershipsClient, access: MembershipAccess) {
      this.mount = { client, access, list, serialize }
    }
  }
  Controller({ path, version: VERSION_NEUTRAL })(OrganizationMembershipsController)
  UseGuards(OrganizationMembershipsAccessGuard)(OrganizationMembershipsController)
  UseFilters(MountedExceptionFilter)(OrganizationMembershipsController)
  Inject(mountedClientToken)(OrganizationMembershipsController, undefined, 0)
  Inject(MembershipAccess)(OrganizationMembershipsController, undefined, 1)

  for (const operation of operations) {
    const prototype = OrganizationMembershipsController.prototype
    // Answers by itself, failures too: what an interceptor of the app makes of values and errors is for its own routes.
    const handler = async function (
      this: OrganizationMembershipsController,
      request: MembershipRequest,
      response: AdapterResponse,
    ): Promise<void> {
      try {
        const body = await handlers[operation](
          this.mount,
          await callOf(operation, request, response),
        )
        sendJSON(response, { status: 200, body, headers: { 'Cache-Control': 'no-store' } })
      } catch (error) {
        respondWithError(error, response)
      }
    }
    Object.defineProperty(handler, 'name', { value: operation })
    const descriptor = { value: handler, writable: true, configurable: true, enumerable: false }
    Object.defineProperty(prototype, operation, descriptor)
    Req()(prototype, operation, 0)
    Res()(prototype, operation, 1)
    const route = routes[operation]
    RequestMapping({
      method: requestMethods[route.method],
      path: fillPath(route.path, (parameter) => `:${parameter}`),
    })(prototype, operation, descriptor)
    SetMetadata(mountedOperationKey, operation)(prototype, operation, descriptor)
    SetMetadata(fastifyRouteConfigKey, { [mountedOperationKey]: operation })(
      prototype,
      operation,
      descriptor,
    )
  }
  return OrganizationMembershipsController
}
