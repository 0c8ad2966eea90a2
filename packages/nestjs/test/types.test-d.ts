import type { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  ClerkSessionAccess,
  CurrentMembership,
  MembershipAccess,
  type MembershipCall,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
  RequireOrganizationPermission,
  RequireOrganizationRole,
} from '../src/index.js'

// Each line says what the compiler must refuse, and is itself refused where it does not.

OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_x', isGlobal: true, name: 'eu' })
OrganizationMembershipsModule.forRoot()
export class OwnModule extends OrganizationMembershipsModule {}
OwnModule.forRoot()
// @ts-expect-error an option that there is not
OrganizationMembershipsModule.forRoot({ secret: 'sk_test_x' })
// @ts-expect-error a factory must give options
OrganizationMembershipsModule.forRootAsync({ useFactory: () => ({ timeout: '1s' }) })

// @ts-expect-error a policy must be given
OrganizationMembershipsHttpModule.forRoot({})
const access = ClerkSessionAccess.with({ authorizedParties: 'any' })
OrganizationMembershipsHttpModule.forRoot({ access, operations: ['list'], filters: ['username'] })
// @ts-expect-error listForInstance is not for browsers
OrganizationMembershipsHttpModule.forRoot({ access, operations: ['listForInstance'] })
// @ts-expect-error paging is no filter
OrganizationMembershipsHttpModule.forRoot({ access, filters: ['limit'] })

// @ts-expect-error whose tokens count must be said
ClerkSessionAccess.with({ secretKey: 'sk_test_x' })
// @ts-expect-error 'any' is the only word for that
ClerkSessionAccess.with({ authorizedParties: '*' })
ClerkSessionAccess.withAsync({
  inject: ['settings'],
  useFactory: (settings: { origin: string }) => ({ authorizedParties: [settings.origin] }),
})

export class Allowing extends MembershipAccess {
  // @ts-expect-error a policy returns a membership or null, not a yes
  override async authorize(_: MembershipCall) {
    return true
  }
}

export class Handlers {
  @RequireOrganizationPermission('org:invoices:read')
  @RequireOrganizationRole('org:admin')
  one(@CurrentMembership('role') role: string) {
    return role
  }

  // @ts-expect-error no permission is no requirement
  @RequireOrganizationPermission()
  two() {}

  // @ts-expect-error a membership has no such field
  three(@CurrentMembership('owner') owner: string) {
    return owner
  }
}

declare const client: OrganizationMembershipsClient
// @ts-expect-error made by create, which checks the options
export const made = new ClerkSessionAccess(client, {}, {})
