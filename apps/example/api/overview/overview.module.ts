import { type DynamicModule, Module } from '@nestjs/common'
import { SETTINGS, type Settings } from '../settings.js'
import { OverviewController } from './overview.controller.js'
import { Roster } from './roster.js'

/** The picture of the organization. Global, for the access policy, which tells the roster of changes. */
@Module({})
// oxlint-disable-next-line typescript/no-extraneous-class -- a Nest module is a class, whatever it holds
export class OverviewModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: OverviewModule,
      global: true,
      controllers: [OverviewController],
      providers: [Roster, { provide: SETTINGS, useValue: settings }],
      exports: [Roster],
    }
  }
}
