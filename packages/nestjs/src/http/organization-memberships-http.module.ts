import {
  type DynamicModule,
  Inject,
  Module,
  type ModuleMetadata,
  type NestModule,
  type OnModuleInit,
} from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { listLimits, listParameters } from '@org-memberships/core/contract'
import { accessDependencies } from '../access/access-module.js'
import { accessProvider, type MembershipAccessOption } from '../access/access-provider.js'
import { MembershipAccess, type MountedOperation } from '../access/membership-access.js'
import { type ExpressInstance, prepareExpress } from './express-routes.js'
import { type FastifyInstance, prepareFastify } from './fastify-routes.js'
import { type RequestFrom, requestFromProvider, requestFromToken } from '../access/request-from.js'
import { createMountedController } from './mounted-controller.js'
import { type MembershipSerializer, mountedOperations } from './operations.js'
import { openAPIProvider } from './openapi.js'
import type { MembershipListFilter } from './request-reading.js'

export interface OrganizationMembershipsHttpModuleOptions {
  /** Who may do what: `ClerkSessionAccess.with({ … })`, or a policy of your own that extends `MembershipAccess`. */
  access: MembershipAccessOption
  /** Modules that export what the policy injects, or the client where it is not global. */
  imports?: ModuleMetadata['imports']
  /** Where the routes are mounted, below a global prefix if there is one. @default 'v1' */
  path?: string
  /** The operations to mount. @default all five */
  operations?: readonly MountedOperation[]
  /** List filters to open besides `role`, `query` and `userId`. @default none */
  filters?: readonly MembershipListFilter[]
  /**
   * Rows that one list may ask for, 1 to 500; a larger `limit` is refused with a 422. A page of 500 members with full
   * metadata is 8 MB, and holds the server up for everybody else while it is made.
   *
   * @default 100
   */
  maxLimit?: number
  /** Shapes each membership on its way out. */
  serialize?: MembershipSerializer
  /** The name of the client to use. @default the one without a name */
  client?: string
  /**
   * Where a call that is no HTTP request (a message of a microservice or a WebSocket, GraphQL over a WebSocket) has its
   * session token, for the guard of the app's own handlers. HTTP requests, of GraphQL too, are found without it.
   *
   * @default such calls are refused
   */
  requestFrom?: RequestFrom | undefined
  /** Whether `MembershipAccess`, the policy of this mount, can be injected everywhere. @default false */
  isGlobal?: boolean
}

/**
 * Mounts the operations as routes for browsers, with the same JSON and errors as the API, behind an access policy.
 *
 * @example
 * ```ts
 * OrganizationMembershipsHttpModule.forRoot({
 *   access: ClerkSessionAccess.with({ authorizedParties: ['https://app.example.com'] }),
 * })
 * ```
 */
@Module({})
export class OrganizationMembershipsHttpModule implements NestModule, OnModuleInit {
  readonly #adapterHost: HttpAdapterHost

  constructor(@Inject(HttpAdapterHost) adapterHost: HttpAdapterHost) {
    this.#adapterHost = adapterHost
  }

  /** Before Nest registers the routes. */
  configure(): void {
    prepareAdapter(this.#adapterHost, 'fastify', (instance: FastifyInstance) =>
      prepareFastify(instance),
    )
  }

  /** After Nest has registered the routes, and before its own handling of errors. */
  onModuleInit(): void {
    prepareAdapter(this.#adapterHost, 'express', (instance: ExpressInstance) =>
      prepareExpress(instance),
    )
  }

  /** @throws Error when there is no `access`, or an option cannot work */
  static forRoot(options: OrganizationMembershipsHttpModuleOptions): DynamicModule {
    const module = OrganizationMembershipsHttpModule
    const { path = 'v1', operations = mountedOperations, serialize } = options
    const { filters = [], maxLimit = defaultMaxLimit } = options
    const access = accessProvider(MembershipAccess, options.access, module.name)
    if (isShared(options.access) && options.requestFrom !== undefined) {
      throw new Error(
        'OrganizationMembershipsHttpModule.forRoot: this mount shares the policy of another module, so give that one ' +
          'requestFrom.',
      )
    }
    assertKnown('operation', operations, mountedOperations)
    assertKnown('filter', filters, Object.keys(listParameters))
    assertMaxLimit(maxLimit)
    const mounted = { path, operations, list: { filters, maxLimit }, serialize }
    const controller = createMountedController(mounted)
    return {
      module,
      global: options.isGlobal ?? false,
      imports: options.imports ?? [],
      controllers: [controller],
      providers: [
        ...accessDependencies(module.name, options.client),
        openAPIProvider(controller, mounted),
        ...(isShared(options.access) ? [] : [access, requestFromProvider(options.requestFrom)]),
      ],
      exports: isShared(options.access) ? [] : [MembershipAccess, requestFromToken],
    }
  }
}

const defaultMaxLimit = 100

function assertMaxLimit(maxLimit: number): void {
  const { minimumLimit, maximumLimit } = listLimits
  const isInRange = maxLimit >= minimumLimit && maxLimit <= maximumLimit
  if (Number.isInteger(maxLimit) && isInRange) return
  throw new Error(
    `OrganizationMembershipsHttpModule.forRoot: maxLimit must be an integer from ${minimumLimit} to ${maximumLimit}, and is ${String(maxLimit)}.`,
  )
}

/** Adapters that are prepared: several mounts of an app share one. */
const prepared = new WeakSet<object>()

function prepareAdapter<Instance extends object>(
  { httpAdapter }: HttpAdapterHost,
  type: 'express' | 'fastify',
  prepare: (instance: Instance) => void,
): void {
  // There is none in an app without HTTP, such as a microservice.
  if (httpAdapter?.getType() !== type) return
  const instance = httpAdapter.getInstance<Instance>()
  if (prepared.has(instance)) return
  prepared.add(instance)
  prepare(instance)
}

function assertKnown(what: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new Error(
    `OrganizationMembershipsHttpModule.forRoot: there is no ${what} '${unknown}'; there are ${known.join(', ')}.`,
  )
}

/** True where the policy comes from elsewhere under its own class, which must not be provided a second time. */
function isShared(access: MembershipAccessOption): boolean {
  return 'useExisting' in access && access.useExisting === MembershipAccess
}
