import { type DynamicModule, Module, type ModuleMetadata, type Provider } from '@nestjs/common'
import { mountedClientProvider } from '../client/mounted-client.js'
import { accessProvider, type MembershipAccessOption } from './access-provider.js'
import { MembershipAccess } from './membership-access.js'
import { sessionOverridesProvider } from './session-overrides.js'

export interface OrganizationMembershipsAccessModuleOptions {
  /** Who may do what: `ClerkSessionAccess.with({ … })`, or a policy of your own that extends `MembershipAccess`. */
  access: MembershipAccessOption
  /** Modules that export what the policy injects, or the client where it is not global. */
  imports?: ModuleMetadata['imports']
  /** The name of the client that the policy uses. @default the one without a name */
  client?: string
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
        ...accessDependencies(module.name, options.client),
      ],
      exports: [MembershipAccess],
    }
  }
}

/** What `ClerkSessionAccess.with` injects. */
export function accessDependencies(module: string, client: string | undefined): Provider[] {
  return [mountedClientProvider(module, client), sessionOverridesProvider]
}
