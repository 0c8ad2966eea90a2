import type { ModuleMetadata } from '@nestjs/common'
import { Test, type TestingModuleBuilder } from '@nestjs/testing'
import type { Emulator, EmulatorOptions } from '@org-memberships/emulator'
import { sessionOverridesToken } from '../access/session-overrides.js'
import { CallsInFlight } from '../client/calls-in-flight.js'
import { createClient } from '../client/create-client.js'
import { OrganizationMembershipsHealth } from '../client/health.js'
import { HiddenOptions } from '../client/hidden-options.js'
import { getOrganizationMembershipsToken } from '../client/tokens.js'
import { EmulatorModule, emulatorToken } from './emulator-module.js'

export interface TestingOptions extends EmulatorOptions {
  /** The names of clients to point at the emulator too, besides the one without a name. @default none */
  clients?: readonly string[]
}

/**
 * `Test.createTestingModule` with an emulator behind it: the clients that the modules register talk to it, and
 * `ClerkSessionAccess` accepts its session tokens, whatever the app's own options say. The emulator starts with the
 * module and is closed with it (`await module.close()`, or `app.close()`).
 *
 * @example
 * ```ts
 * const module = await createTestingModule({ imports: [AppModule] }, { seed }).compile()
 * const token = await emulatorOf(module).createSessionToken({ userId: 'user_ada' })
 * ```
 */
export function createTestingModule(
  metadata: ModuleMetadata,
  { clients = [], ...options }: TestingOptions = {},
): TestingModuleBuilder {
  const builder = Test.createTestingModule({
    ...metadata,
    imports: [EmulatorModule.forRoot(options), ...(metadata.imports ?? [])],
  })
  for (const name of [undefined, ...clients]) {
    builder.overrideProvider(getOrganizationMembershipsToken(name)).useFactory({
      factory: ({ url: baseURL, secretKey }: Emulator) =>
        createClient(
          name,
          { baseURL, secretKey },
          new CallsInFlight(0),
          new OrganizationMembershipsHealth(),
        ),
      inject: [emulatorToken],
    })
  }
  return builder.overrideProvider(sessionOverridesToken).useFactory({
    factory: ({ origin: apiUrl, secretKey }: Emulator) =>
      new HiddenOptions({ apiUrl, secretKey, jwtKey: undefined, issuer: undefined }),
    inject: [emulatorToken],
  })
}
