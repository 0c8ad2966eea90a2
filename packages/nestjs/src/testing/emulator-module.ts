import {
  type DynamicModule,
  Inject,
  type INestApplicationContext,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common'
import type { Emulator } from '@org-memberships/emulator'
import type { EmulatorStart } from './emulator-start.js'

export const emulatorToken = Symbol('OrganizationMembershipsEmulator')

/** Starts an emulator with the app and closes it after the app's server. */
@Module({})
export class EmulatorModule implements OnApplicationShutdown {
  readonly #emulator: Emulator

  static forRoot(start: EmulatorStart): DynamicModule {
    return {
      module: EmulatorModule,
      global: true,
      providers: [{ provide: emulatorToken, useFactory: () => start.emulator() }],
      exports: [emulatorToken],
    }
  }

  constructor(@Inject(emulatorToken) emulator: Emulator) {
    this.#emulator = emulator
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#emulator.close()
  }
}

/**
 * The emulator behind a module or app that `createTestingModule` made.
 *
 * @throws Error where something else made it
 */
export function emulatorOf(module: INestApplicationContext): Emulator {
  try {
    return module.get<Emulator>(emulatorToken, { strict: false })
  } catch (cause) {
    throw new Error(
      'emulatorOf: this module has no emulator. Make it by createTestingModule of ' +
        '@org-memberships/nestjs/testing, in place of that of @nestjs/testing.',
      { cause },
    )
  }
}
