import { Inject, type Provider } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { OrganizationMembershipsHealth } from './health.js'

/**
 * What to inject: the client class itself for the client without a name, `OrganizationMembershipsClient:eu` for the
 * one named `eu`.
 */
export function getOrganizationMembershipsToken(
  name?: string,
): typeof OrganizationMembershipsClient | string {
  return name === undefined
    ? OrganizationMembershipsClient
    : `${OrganizationMembershipsClient.name}:${name}`
}

/**
 * Injects a named client, or without a name the one that the class injects too.
 *
 * @example
 * ```ts
 * constructor(@InjectOrganizationMemberships('eu') private readonly memberships: OrganizationMembershipsClient) {}
 * ```
 */
export function InjectOrganizationMemberships(
  name?: string,
): ParameterDecorator & PropertyDecorator {
  return Inject(getOrganizationMembershipsToken(name))
}

/** What to inject for the health of a client: the class itself for the client without a name. */
export function getOrganizationMembershipsHealthToken(
  name?: string,
): typeof OrganizationMembershipsHealth | string {
  return name === undefined
    ? OrganizationMembershipsHealth
    : `${OrganizationMembershipsHealth.name}:${name}`
}

/** The client that a mount uses, under one token whatever the client's name is. Known only inside of that module. */
export const mountedClientToken = Symbol('OrganizationMembershipsClientOfThisMount')

export function mountedClientProvider(module: string, name: string | undefined): Provider {
  return {
    provide: mountedClientToken,
    useFactory: (client: OrganizationMembershipsClient | undefined) => {
      if (client !== undefined) return client
      const which = name === undefined ? 'OrganizationMembershipsClient' : `client named '${name}'`
      const options =
        name === undefined ? '{ isGlobal: true, … }' : `{ name: '${name}', isGlobal: true, … }`
      throw new Error(
        `${module} finds no ${which} to inject. Add OrganizationMembershipsModule.forRoot(${options}) to the ` +
          `imports of the root module, or give a module that exports one as 'imports' of ${module}.forRoot.`,
      )
    },
    inject: [{ token: getOrganizationMembershipsToken(name), optional: true }],
  }
}
