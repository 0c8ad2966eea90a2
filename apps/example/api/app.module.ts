import { type DynamicModule, Module } from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  ClerkSessionAccess,
  OrganizationMembershipsExceptionFilter,
  OrganizationMembershipsHttpModule,
  OrganizationMembershipsModule,
} from '@org-memberships/nestjs'
import { DemoController } from './demo.controller.js'
import { OrganizationName } from './organization-name.js'
import { OverviewModule } from './overview/overview.module.js'
import { RosterAccess } from './overview/roster-access.js'
import { Roster } from './overview/roster.js'
import { PeopleController } from './people.controller.js'
import { SETTINGS, type Settings } from './settings.js'
import { UserDirectory } from './user-directory.js'

/** The whole backend: an injectable client, the five routes under /api/v1, and what only the demo needs. */
@Module({})
// oxlint-disable-next-line typescript/no-extraneous-class -- a Nest module is a class, whatever it holds
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    const { apiOrigin, authorizedParties, issuer, secretKey } = settings
    return {
      module: AppModule,
      imports: [
        OrganizationMembershipsModule.forRoot({
          secretKey,
          baseURL: `${apiOrigin}/v1`,
          isGlobal: true,
        }),
        OverviewModule.forRoot(settings),
        OrganizationMembershipsHttpModule.forRoot({
          path: 'v1',
          // The people search and the overview ask the same policy.
          isGlobal: true,
          access: {
            useFactory: async (client: OrganizationMembershipsClient, roster: Roster) => {
              const policy = await ClerkSessionAccess.create(client, {
                secretKey,
                apiUrl: apiOrigin,
                issuer,
                authorizedParties: [...authorizedParties],
              })
              return new RosterAccess(policy, roster)
            },
            inject: [OrganizationMembershipsClient, Roster],
          },
        }),
      ],
      controllers: [DemoController, PeopleController],
      providers: [
        UserDirectory,
        OrganizationName,
        { provide: SETTINGS, useValue: settings },
        // For errors of the client on this app's own routes.
        { provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter },
      ],
    }
  }
}
