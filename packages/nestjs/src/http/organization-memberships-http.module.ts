import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common'
import { listParameters } from '@org-memberships/core/contract'
import { accessDependencies } from '../access/access-module.js'
import { accessProvider, type MembershipAccessOption } from '../access/access-provider.js'
import { MembershipAccess, type MountedOperation } from '../access/membership-access.js'
import { createMountedController } from './mounted-controller.js'
import { type MembershipSerializer, mountedOperations } from './operations.js'
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
  /** Shapes each membership on its way out. */
  serialize?: MembershipSerializer
  /** The name of the client to use. @default the one without a name */
  client?: string
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
export class OrganizationMembershipsHttpModule {
  /** @throws Error when there is no `access`, or an option cannot work */
  static forRoot(options: OrganizationMembershipsHttpModuleOptions): DynamicModule {
    const module = OrganizationMembershipsHttpModule
    const { path = 'v1', operations = mountedOperations, filters = [], serialize } = options
    const access = accessProvider(MembershipAccess, options.access, module.name)
    assertKnown('operation', operations, mountedOperations)
    assertKnown('filter', filters, Object.keys(listParameters))
    return {
      module,
      global: options.isGlobal ?? false,
      imports: options.imports ?? [],
      controllers: [createMountedController({ path, operations, filters, serialize })],
      providers: [
        ...accessDependencies(module.name, options.client),
        ...(isShared(options.access) ? [] : [access]),
      ],
      exports: isShared(options.access) ? [] : [MembershipAccess],
    }
  }
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
