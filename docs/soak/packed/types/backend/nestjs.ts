import { Controller, Get, Injectable, Module } from '@nestjs/common'
import { type OrganizationMembership, OrganizationMembershipsClient } from '@org-memberships/core'
import {
  ClerkSessionAccess,
  CurrentMembership,
  grantWithoutMembership,
  InjectOrganizationMemberships,
  MembershipAccess,
  type MembershipCall,
  type MembershipGrant,
  OrganizationMembershipsExceptionFilter,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
  RequireOrganizationPermission,
} from '@org-memberships/nestjs'

@Injectable()
class OperatorsOnly extends MembershipAccess {
  async authorize({ operation, request }: MembershipCall): Promise<MembershipGrant> {
    if (operation !== 'list' || request.headers['x-operator'] === undefined) throw new Error('no')
    return grantWithoutMembership()
  }
}

@Controller('reports')
class ReportsController {
  constructor(
    private readonly memberships: OrganizationMembershipsClient,
    @InjectOrganizationMemberships('eu') private readonly eu: OrganizationMembershipsClient,
  ) {}

  @Get()
  @RequireOrganizationPermission('org:reports:read')
  async read(@CurrentMembership() membership: OrganizationMembership): Promise<number> {
    const { id: organizationId } = membership.organization
    const counts = [this.memberships, this.eu].map((client) => client.count({ organizationId }))
    return Math.max(...(await Promise.all(counts)))
  }
}

@Module({
  imports: [
    OrganizationMembershipsModule.forRoot({ secretKey: 'sk_test_123', isGlobal: true }),
    OrganizationMembershipsModule.forRootAsync({
      name: 'eu',
      isGlobal: true,
      inject: [OperatorsOnly],
      useFactory: async () => ({ secretKey: 'sk_test_123', timeout: 2_000 }),
    }),
    OrganizationMembershipsHttpModule.forRoot({
      access: ClerkSessionAccess.with({ authorizedParties: ['https://app.example.com'] }),
      path: 'v1',
      operations: ['list', 'update'],
    }),
    OrganizationMembershipsHttpModule.forRoot({ access: { useClass: OperatorsOnly }, path: 'ops' }),
  ],
  controllers: [ReportsController],
  providers: [OperatorsOnly, OrganizationMembershipsExceptionFilter],
})
// oxlint-disable-next-line typescript/no-extraneous-class -- how Nest spells a module
export class AppModule {}

// @ts-expect-error the routes need a policy
void OrganizationMembershipsHttpModule.forRoot({ path: 'v1' })
// @ts-expect-error whose tokens are accepted has to be said
void ClerkSessionAccess.with({})
