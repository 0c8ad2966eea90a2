import { type DynamicModule, Module, type ModuleMetadata, type Provider } from '@nestjs/common'
import { mountedClientProvider } from '../client/tokens.js'
import { accessProvider, type MembershipAccessOption } from './access-provider.js'
import { MembershipAccess } from './membership-access.js'
import { type RequestFrom, requestFromProvider, requestFromToken } from './request-from.js'
import { sessionOverridesProvider } from './session-overrides.js'

export interface OrganizationMembershipsAccessModuleOptions {
  /** Who may do what: `ClerkSessionAccess.with({ … })`, or a policy of your own that extends `MembershipAccess`. */
  access: MembershipAccessOption
  /** Modules that export what the policy injects, or the client where it is not global. */
  imports?: ModuleMetadata['imports']
  /** The name of the client that the policy uses. @default the one without a name */
  client?: string
  /**
   * Where a call that is no HTTP request (a message of a microservice or a WebSocket, GraphQL over a WebSocket) has its
   * session token, for the guard of the app's own handlers. HTTP requests, of GraphQL too, are found without it.
   *
   * @default such calls are refused
   */
  requestFrom?: RequestFrom | undefined
  /** Whether every module of the app can inject the policy without importing this module. @default false */
  isGlobal?: boolean
}

/**
 * Provides `MembershipAccess` for the guard of the app's own routes, where no routes are mounted, or where several
 * mounts share one policy: they then take `access: { useExisting: MembershipAccess }`.
 */
@Module({})
export class OrganizationMembershipsAccessModule {
  /** @throws Error when there is no `access` */
  static forRoot(options: OrganizationMembershipsAccessModuleOptions): DynamicModule {
    const module = OrganizationMembershipsAccessModule
    return {
      module,
      global: options.isGlobal ?? false,
      imports: options.imports ?? [],
      providers: [
        accessProvider(MembershipAccess, options.access, module.name),
        requestFromProvider(options.requestFrom),
        ...accessDependencies(module.name, options.client),
      ],
      exports: [MembershipAccess, requestFromToken],
    }
  }
}

/** What `ClerkSessionAccess.with` injects. */
export function accessDependencies(module: string, client: string | undefined): Provider[] {
  return [mountedClientProvider(module, client), sessionOverridesProvider]
}
