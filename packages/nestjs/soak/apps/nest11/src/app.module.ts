import { Controller, Get, Module, Param } from '@nestjs/common'
import { APP_INTERCEPTOR } from '@nestjs/core'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  ClerkSessionAccess,
  CurrentMembership,
  OrganizationFrom,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
  RequireOrganizationRole,
} from '@org-memberships/nestjs'
import { requestFrom } from './messages'
import { WrappedInterceptor } from './wrapped.interceptor'

@Controller('team')
export class TeamController {
  constructor(private readonly memberships: OrganizationMembershipsClient) {}

  @Get(':organizationId/size')
  async size(@Param('organizationId') organizationId: string) {
    return { size: await this.memberships.count({ organizationId }) }
  }

  @Get(':organizationId/audit')
  @OrganizationFrom('organizationId')
  @RequireOrganizationRole('org:admin')
  audit(@CurrentMembership('role') role: string) {
    return { role }
  }
}

@Module({
  imports: [
    OrganizationMembershipsModule.forRootAsync({
      isGlobal: true,
      useFactory: () => ({ baseURL: process.env.MEMBERSHIPS_URL }),
    }),
    OrganizationMembershipsHttpModule.forRoot({
      isGlobal: true,
      requestFrom,
      access: ClerkSessionAccess.with({
        authorizedParties: 'any',
        apiUrl: process.env.MEMBERSHIPS_URL,
      }),
    }),
  ],
  controllers: [TeamController],
  providers: [{ provide: APP_INTERCEPTOR, useClass: WrappedInterceptor }],
})
export class AppModule {}
