import { randomBytes } from 'node:crypto'
import type { Instance } from './api/instance.js'
import { defaultRules, type InstanceRules } from './api/rules.js'
import { type Clock, createClock } from './clock.js'
import { checkSeed } from './seed/check.js'
import { createStore, settleSeed, type SettledSeed } from './seed/load.js'
import { readSeedFile } from './seed/file.js'
import type { Seed } from './seed/seed.js'
import { listen } from './server/node-server.js'
import { createPipeline } from './server/pipeline.js'
import { RequestLog, type RequestLogEntry } from './request-log.js'
import { createIdSource } from './store/ksuid.js'
import { type SessionTokenOptions, TokenIssuer } from './tokens.js'

export interface EmulatorOptions extends Partial<InstanceRules> {
  /** 0 takes a free one. @default 0 */
  port?: number
  /** @default '127.0.0.1', this machine only */
  host?: string
  /** What the instance holds at the start: an object, or the path of a file. @default nothing */
  seed?: Seed | string | URL
  /** The key that requests must carry. @default a new one, `sk_test_…` */
  secretKey?: string
  /** Bytes of a request body; what is longer is answered 413. @default 1_048_576 */
  maximumBodyBytes?: number
}

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1`, for this project's `baseURL`. */
  readonly url: string
  /** The same without `/v1`, for the `apiUrl` of `@clerk/backend`. */
  readonly origin: string
  readonly secretKey: string
  /** The `iss` of session tokens. */
  readonly issuer: string
  /** The emulator's time, which a test can set. */
  readonly clock: Clock
  /** Requests since the start or the last `reset`, oldest first. Credentials are left out. */
  readonly requests: readonly RequestLogEntry[]
  /** Replaces everything the instance holds. `reset` comes back to this from then on. */
  seed(seed: Seed): Promise<void>
  /** Back to the seed, with the same ids and times; forgets the requests. */
  reset(): Promise<void>
  /** A signed session token, as a signed-in user's browser would send it to your backend. */
  createSessionToken(options: SessionTokenOptions): Promise<string>
  /** Ends the running requests and frees the port. */
  close(): Promise<void>
}

const issuer = 'https://emulator.clerk.accounts.dev'
const closeGrace = 1000

/**
 * Starts a local server that behaves as Clerk's Organization Memberships API does.
 *
 * @example
 * ```ts
 * await using emulator = await createEmulator({ seed: 'seed.json' })
 * const client = new OrganizationMembershipsClient({
 *   baseURL: emulator.url,
 *   secretKey: emulator.secretKey,
 * })
 * ```
 * @throws SeedError naming each place of the seed that is wrong
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const secretKey = options.secretKey ?? `sk_test_${randomBytes(20).toString('hex')}`
  const clock = createClock()
  const createId = createIdSource()
  const rules = { ...defaultRules, ...definedOf(options) }
  const tokens = new TokenIssuer(issuer, clock)
  const log = new RequestLog()

  const settle = (seed: Seed, source: string): SettledSeed =>
    settleSeed(checkSeed(seed, source), source, clock.now(), createId)
  let settled = await (async () => {
    const { seed = {} } = options
    if (typeof seed === 'string' || seed instanceof URL) {
      return settle((await readSeedFile(seed)) as Seed, String(seed))
    }
    return settle(copyJSON(seed), 'The seed')
  })()
  let instance: Instance = createInstance()

  function createInstance(): Instance {
    return { store: createStore(settled), rules, clock, createId, onChange: () => {} }
  }

  const answer = createPipeline({ secretKey, tokens, instance: () => instance })
  const listener = await listen({
    port: options.port ?? 0,
    host: options.host ?? '127.0.0.1',
    maximumBodyBytes: options.maximumBodyBytes ?? 1_048_576,
    deliver: async (request) => {
      const entry = log.open(request)
      const given = await answer(request)
      log.close(entry, given)
      return { kind: 'answer', answer: given }
    },
  })
  const origin = `http://${options.host ?? '127.0.0.1'}:${listener.port}`
  let closed: Promise<void> | undefined
  const close = () => (closed ??= listener.close(closeGrace))

  return {
    url: `${origin}/v1`,
    origin,
    secretKey,
    issuer,
    clock,
    requests: log.entries,
    async seed(seed) {
      settled = settle(copyJSON(seed), 'The seed')
      instance = createInstance()
    },
    async reset() {
      instance = createInstance()
      log.clear()
    },
    createSessionToken: (token) => tokens.createSessionToken(instance.store, token),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What a caller does to the seed's objects later must not reach the emulator. */
function copyJSON(seed: Seed): Seed {
  return JSON.parse(JSON.stringify(seed)) as Seed
}

/** An option given as `undefined` counts as not given. */
function definedOf(options: EmulatorOptions): Partial<InstanceRules> {
  return Object.fromEntries(
    Object.keys(defaultRules)
      .map((key) => [key, options[key as keyof InstanceRules]] as const)
      .filter(([, value]) => value !== undefined),
  )
}
