import {
  Controller,
  Header,
  HttpCode,
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
import type { ServerResponse } from 'node:http'
import {
  MembershipAccess,
  type MembershipRequest,
  type MountedOperation,
} from '../access/membership-access.js'
import { mountedClientToken } from '../client/mounted-client.js'
import { OrganizationMembershipsExceptionFilter } from '../errors/exception-filter.js'
import { OrganizationMembershipsAccessGuard } from './access-guard.js'
import { callOf } from './membership-call.js'
import { mountedOperationKey } from './mounted-operation.js'
import { handlers, type MembershipSerializer, type Mount } from './operations.js'
import { documentController } from './openapi.js'
import { type MembershipListFilter, openParameters } from './request-reading.js'

type Response = ServerResponse | { raw: ServerResponse }

export interface MountedControllerOptions {
  readonly path: string
  readonly operations: readonly MountedOperation[]
  readonly filters: readonly MembershipListFilter[]
  readonly serialize: MembershipSerializer | undefined
}

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
  Inject(MembershipAccess)(OrganizationMembershipsController, undefined, 1)

  for (const operation of operations) {
    const prototype = OrganizationMembershipsController.prototype
    const handler = function (
      this: OrganizationMembershipsController,
      request: MembershipRequest,
      response: Response,
    ): Promise<unknown> {
      return handlers[operation](this.mount, callOf(operation, request, response))
    }
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
    SetMetadata(mountedOperationKey, operation)(prototype, operation, descriptor)
    HttpCode(200)(prototype, operation, descriptor)
    Header('Cache-Control', 'no-store')(prototype, operation, descriptor)
  }
  documentController(OrganizationMembershipsController, operations, openParameters(filters))
  return OrganizationMembershipsController
}
