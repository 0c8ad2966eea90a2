import type { ModuleMetadata } from '@nestjs/common'
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing'
import type { Emulator, EmulatorOptions } from '@org-memberships/emulator'
import { sessionOverridesToken } from '../access/session-overrides.js'
import { CallsInFlight } from '../client/calls-in-flight.js'
import { ClientStartError } from '../client/client-start-error.js'
import { createClient } from '../client/create-client.js'
import { OrganizationMembershipsHealth } from '../client/health.js'
import { HiddenOptions } from '../client/hidden-options.js'
import { getOrganizationMembershipsToken } from '../client/tokens.js'
import { EmulatorModule, emulatorToken } from './emulator-module.js'
import { EmulatorStart } from './emulator-start.js'

export interface TestingOptions extends EmulatorOptions {
  /**
   * The names of clients to point at the emulator too, besides the one without a name. A named client that is not
   * among them keeps its own options. A name that no module registers is refused.
   *
   * @default none
   */
  clients?: readonly string[]
}

/**
 * `Test.createTestingModule` with an emulator behind it: the clients that the modules register talk to it, and
 * `ClerkSessionAccess` accepts its session tokens, whatever the app's own options say. The emulator starts with the
 * module and is closed with it (`await module.close()`, or `app.close()`), or when `compile()` fails.
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
  const start = new EmulatorStart(options)
  const builder = Test.createTestingModule({
    ...metadata,
    imports: [EmulatorModule.forRoot(start), ...(metadata.imports ?? [])],
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
  builder.overrideProvider(sessionOverridesToken).useFactory({
    factory: ({ origin: apiUrl, secretKey }: Emulator) =>
      new HiddenOptions({ apiUrl, secretKey, jwtKey: undefined, issuer: undefined }),
    inject: [emulatorToken],
  })
  const compile = builder.compile.bind(builder)
  builder.compile = async (compileOptions) => {
    try {
      const module = await compile(compileOptions)
      await assertRegistered(module, clients)
      return module
    } catch (error) {
      await start.callOff()
      throw withAdvice(error, clients)
    }
  }
  return builder
}

/** Nest overlooks an override of what is not there; the test would run against the API itself. */
async function assertRegistered(module: TestingModule, clients: readonly string[]): Promise<void> {
  const unknown = clients.find((name) => !isRegistered(module, name))
  if (unknown === undefined) return
  // What hooks of the app throw now would hide the mistake.
  await Promise.allSettled([module.close()])
  throw new Error(
    `createTestingModule, clients: there is no client '${unknown}'. Give the names that ` +
      'OrganizationMembershipsModule.forRoot has in the app.',
  )
}

function isRegistered(module: TestingModule, name: string): boolean {
  try {
    module.get(getOrganizationMembershipsToken(name), { strict: false })
    return true
  } catch {
    return false
  }
}

function withAdvice(error: unknown, clients: readonly string[]): unknown {
  if (!(error instanceof ClientStartError)) return error
  const { client, parameter, message } = error
  if (client === undefined || clients.includes(client)) return error
  const all = [...clients, client].map((name) => `'${name}'`).join(', ')
  return new ClientStartError(
    client,
    parameter,
    `${message} Under test, createTestingModule(…, { clients: [${all}] }) points it at the emulator.`,
  )
}
