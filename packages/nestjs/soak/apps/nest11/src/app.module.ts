import { Controller, Get, Module, Param } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  ClerkSessionAccess,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
} from '@org-memberships/nestjs'

@Controller('team')
export class TeamController {
  constructor(private readonly memberships: OrganizationMembershipsClient) {}

  @Get(':organizationId/size')
  async size(@Param('organizationId') organizationId: string) {
    return { size: await this.memberships.count({ organizationId }) }
  }
}

@Module({
  imports: [
    OrganizationMembershipsModule.forRootAsync({
      isGlobal: true,
      useFactory: () => ({ baseURL: process.env.MEMBERSHIPS_URL }),
    }),
    OrganizationMembershipsHttpModule.forRoot({
      access: ClerkSessionAccess.with({
        authorizedParties: 'any',
        apiUrl: process.env.MEMBERSHIPS_URL,
      }),
    }),
  ],
  controllers: [TeamController],
})
export class AppModule {}
