import type { IncomingHttpHeaders } from 'node:http'
import type { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  ClerkSessionAccess,
  CurrentMembership,
  grantWithoutMembership,
  MembershipAccess,
  type MembershipCall,
  type MembershipGrant,
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

// Headers of a handshake, or what a payload holds.
declare const handshake: { headers: IncomingHttpHeaders }
OrganizationMembershipsHttpModule.forRoot({ access, requestFrom: () => handshake })
OrganizationMembershipsHttpModule.forRoot({
  access,
  requestFrom: (context) => {
    const { token, id } = context.switchToRpc().getData<{ token?: string; id?: string }>()
    return token === undefined ? undefined : { headers: { authorization: token }, params: { id } }
  },
})
// @ts-expect-error a user is no headers
OrganizationMembershipsHttpModule.forRoot({ access, requestFrom: () => ({ user: 'user_ada' }) })
// @ts-expect-error it is asked for each call, and does not wait
OrganizationMembershipsHttpModule.forRoot({ access, requestFrom: async () => handshake })

// @ts-expect-error whose tokens count must be said
ClerkSessionAccess.with({ secretKey: 'sk_test_x' })
// @ts-expect-error 'any' is the only word for that
ClerkSessionAccess.with({ authorizedParties: '*' })
ClerkSessionAccess.withAsync({
  inject: ['settings'],
  useFactory: (settings: { origin: string }) => ({ authorizedParties: [settings.origin] }),
})

export class Allowing extends MembershipAccess {
  // @ts-expect-error a policy returns a membership or a grant, not a yes
  override async authorize(_: MembershipCall) {
    return true
  }
}

export class Asking extends MembershipAccess {
  // @ts-expect-error null says that the caller is no member, which grants nothing
  override authorize = ({ organizationId }: MembershipCall) =>
    client.get({ organizationId, userId: 'user_1' })
}

export class Granting extends MembershipAccess {
  override async authorize({ organizationId, operation }: MembershipCall) {
    const membership = await client.get({ organizationId, userId: 'user_1' })
    if (membership === null && operation === 'list') return grantWithoutMembership()
    if (membership === null) throw new Error('no')
    return membership
  }
}

// @ts-expect-error a grant is made by grantWithoutMembership only
export const forged: MembershipGrant = { caller: 'user_1' }

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
