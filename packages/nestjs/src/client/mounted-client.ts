import type { Provider } from '@nestjs/common'
import type { OrganizationMembershipsClient } from '@org-memberships/core'
import { getOrganizationMembershipsToken } from './tokens.js'

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
