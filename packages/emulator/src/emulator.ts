// An app's compiler that has neither Node's types nor this library among its own can then still read the declarations.
/// <reference lib="esnext.disposable" preserve="true" />

import { randomBytes } from 'node:crypto'
import type { OrganizationJSON } from '@org-memberships/core/contract'
import {
  type AcceptedInvitation,
  acceptInvitation,
  createInvitation,
  createOrganization,
  createUser,
  deleteOrganization,
  deleteUser,
  type InvitationOptions,
  type OrganizationFields,
  revokeInvitation,
  updateOrganization,
  updateUser,
  type UserFields,
} from './api/administration.js'
import type { Instance } from './api/instance.js'
import type { InvitationJSON } from './api/invitation-presentation.js'
import { defaultRules, type InstanceRules } from './api/rules.js'
import { type Clock, createClock } from './clock.js'
import type { UserJSON } from './api/user-presentation.js'
import type { DeletedOrganizationJSON, DeletedUserJSON, EventListener } from './events/event.js'
import { resolveWebhookOptions } from './events/webhook-options.js'
import { type WebhookDelivery, WebhookSender } from './events/webhooks.js'
import { type FaultOptions, FaultPlan, type PlannedFault } from './faults/faults.js'
import { type Hold, type HoldOptions, Holds } from './faults/holds.js'
import { assertLatency, type Latency } from './faults/latency.js'
import { assertLag, InstanceKeeper } from './keeper.js'
import { assertNumbers, type EmulatorOptions } from './options.js'
import { RateLimiter } from './server/rate-limit.js'
import { RequestLog, type RequestLogEntry } from './server/request-log.js'
import type { Seed, SeedOrganization, SeedUser } from './seed/seed.js'
import { createExchange } from './server/exchange.js'
import { createFetch, fromResponse, toRequest } from './server/fetch.js'
import { type Listener, listen } from './server/node-server.js'
import { createPipeline } from './server/pipeline.js'
import { createIdSource } from './store/ksuid.js'
import type { Store } from './store/store.js'
import {
  type MachineTokenOptions,
  type SessionTokenOptions,
  type TemplateTokenOptions,
  TokenIssuer,
} from './tokens.js'

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1`, for this project's `baseURL`. */
  readonly url: string
  /** The same without `/v1`, for the `apiUrl` of `@clerk/backend`. */
  readonly origin: string
  readonly secretKey: string
  /** For the front end of Clerk's own packages, which read the address of an instance from it. */
  readonly publishableKey: string
  /** The public half of the key that signs session tokens, as PEM: the `jwtKey` of `@clerk/backend`. */
  jwtKey(): Promise<string>
  /** The variables that Clerk's packages read, such as `CLERK_API_URL`; for `Object.assign(process.env, …)`. */
  environment(): Promise<EmulatorEnvironment>
  /** The `iss` of session tokens. */
  readonly issuer: string
  /** Answers as the server does, without a connection; for a client that takes a `fetch`. */
  readonly fetch: typeof fetch
  /** The emulator's time, which a test can set. */
  readonly clock: Clock
  /** Requests since the start or the last `reset`, oldest first. Credentials are left out. */
  readonly requests: readonly RequestLogEntry[]
  /** How long each request takes; may be set at any time. `reset` brings back the option's. */
  latency: Latency
  /** ms that lists are behind the changes; may be set at any time. `reset` brings back the option's. */
  lag: number
  /** Replaces everything the instance holds. `reset` comes back to this from then on. */
  seed(seed: Seed): Promise<void>
  /** Back to the seed, with the same ids and times; forgets requests, faults, holds and rate limits. */
  reset(): Promise<void>
  /** Lets the next request, or the next few, fail. */
  failNext(options: FaultOptions): PlannedFault
  /** Lets the coming requests wait until `release`. */
  hold(options?: HoldOptions): Hold
  /** Calls the listener with the event of each change, right when it happens. Returns what removes the listener. */
  onEvent(listener: EventListener): () => void
  /** Adds a user, in the seed's terms. Each of these methods sends its event, and resolves when the change is kept. */
  createUser(user: SeedUser): Promise<UserJSON>
  /** Changes a user's fields, in the seed's terms; metadata is replaced whole. */
  updateUser(userId: string, fields: UserFields): Promise<UserJSON>
  /** Removes a user and, first, all memberships of the user. */
  deleteUser(userId: string): Promise<DeletedUserJSON>
  /** Adds an organization and its memberships, in the seed's terms. */
  createOrganization(organization: SeedOrganization): Promise<OrganizationJSON>
  /** Changes an organization's fields, in the seed's terms; metadata is replaced whole. */
  updateOrganization(organizationId: string, fields: OrganizationFields): Promise<OrganizationJSON>
  /** Removes an organization and, first, all its memberships. */
  deleteOrganization(organizationId: string): Promise<DeletedOrganizationJSON>
  /** Invites an email address; the invitation counts against the organization's limit until it ends. */
  createInvitation(options: InvitationOptions): Promise<InvitationJSON>
  /** Ends a pending invitation by a new membership. */
  acceptInvitation(accepted: AcceptedInvitation): Promise<InvitationJSON>
  /** Ends a pending invitation. */
  revokeInvitation(invitationId: string): Promise<InvitationJSON>
  /** `undefined` unless the emulator was given `webhooks`. */
  readonly webhooks: Webhooks | undefined
  /** A signed session token, as a signed-in user's browser would send it to your backend. */
  createSessionToken(options: SessionTokenOptions): Promise<string>
  /** A token of a JWT template, which a user may send as well. It is no session: your backend has to refuse it. */
  createTemplateToken(options: TemplateTokenOptions): Promise<string>
  /** A token of a machine, signed with the same key. It is no session either. */
  createMachineToken(options?: MachineTokenOptions): Promise<string>
  /** Ends the running requests and frees the port. */
  close(): Promise<void>
}

export interface EmulatorEnvironment {
  readonly CLERK_SECRET_KEY: string
  readonly CLERK_PUBLISHABLE_KEY: string
  /** Without `/v1`. */
  readonly CLERK_API_URL: string
  readonly CLERK_JWT_KEY: string
}

export interface Webhooks {
  /** `whsec_…`, to verify with. */
  readonly secret: string
  /** Attempts to deliver, oldest first. */
  readonly deliveries: readonly WebhookDelivery[]
  /** Resolves when every event was accepted or given up. */
  settled(): Promise<void>
}

const issuer = 'https://emulator.clerk.accounts.dev'
/** ms that running requests have to end when the emulator closes. */
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
  const { emulator } = await openEmulator(options)
  return emulator
}

export interface OpenEmulator {
  readonly emulator: Emulator
  /** What the instance holds now; another one after each seed. */
  readonly store: () => Store
}

/** The emulator, and what the command looks up in its instance besides. */
export async function openEmulator(options: EmulatorOptions): Promise<OpenEmulator> {
  const { host = '127.0.0.1', maximumBodyBytes = 1_048_576, requestTimeout = 30_000 } = options
  const { fallback, allowedHosts } = options
  assertNumbers(options)
  const secretKey = options.secretKey ?? `sk_test_${randomBytes(20).toString('hex')}`
  const clock = createClock()
  const createId = createIdSource()
  const rules = { ...defaultRules, ...definedOf(options) }
  const tokens = new TokenIssuer(issuer, clock)
  const limiter = new RateLimiter(options.rateLimit ?? false)
  const log = new RequestLog(options.keptRequests ?? 10_000)
  const faults = new FaultPlan()
  const holds = new Holds()
  let latency = options.latency ?? 0
  assertLatency(latency)
  assertLag(options.lag ?? 0)

  const webhookOptions = options.webhooks && resolveWebhookOptions(options.webhooks)
  const keeper = await InstanceKeeper.open({
    instance: { rules, clock, createId },
    instanceId: createId('ins', clock.now()),
    seed: options.seed ?? {},
    dataFile: options.dataFile,
    lag: options.lag ?? 0,
    createSender: webhookOptions && ((onDone) => new WebhookSender(webhookOptions, onDone)),
  })
  const { sender } = keeper

  const deliver = createExchange({
    log,
    faults,
    holds,
    latency: () => latency,
    onRequest: options.onRequest,
    saved: () => keeper.saved(),
    answer: createPipeline({
      secretKey,
      tokens,
      limiter,
      maximumBodyBytes,
      instance: ({ address = '', headers }) =>
        keeper.instanceFor({ address, userAgent: headers['user-agent'] ?? '' }),
      fallback:
        fallback &&
        (async (request) => {
          const asked = toRequest(request, origin)
          const response = asked && (await fallback(asked))
          return response && fromResponse(response)
        }),
      allowedHosts:
        allowedHosts && new Set([host, ...allowedHosts].map((each) => each.toLowerCase())),
    }),
  })
  let listener: Listener | undefined
  try {
    if (options.port !== false) {
      listener = await listen({
        port: options.port ?? 0,
        host,
        maximumBodyBytes,
        requestTimeout,
        deliver,
      })
    }
  } catch (error) {
    await keeper.close()
    throw error
  }
  const origin =
    listener === undefined ? 'http://emulator.localhost' : originOf(host, listener.port)

  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= (async () => {
      holds.releaseAll()
      await listener?.close(closeGrace)
      await keeper.close()
    })()
    return closed
  }

  /** Like any other request, a change of the handle is acknowledged once it is kept. */
  const administer = async <Args extends readonly unknown[], Result>(
    change: (instance: Instance, ...args: Args) => Result,
    ...args: Args
  ): Promise<Result> => {
    const result = change(keeper.instanceFor(), ...args)
    await keeper.saved()
    return result
  }

  const publishableKey = `pk_test_${Buffer.from(`${new URL(origin).host}$`).toString('base64')}`
  const emulator: Emulator = {
    url: `${origin}/v1`,
    origin,
    secretKey,
    publishableKey,
    jwtKey: () => tokens.publicPEM(),
    environment: async () => ({
      CLERK_SECRET_KEY: secretKey,
      CLERK_PUBLISHABLE_KEY: publishableKey,
      CLERK_API_URL: origin,
      CLERK_JWT_KEY: await tokens.publicPEM(),
    }),
    issuer,
    fetch: createFetch(deliver, maximumBodyBytes, () => closed !== undefined),
    clock,
    requests: log.entries,
    get latency() {
      return latency
    },
    set latency(value) {
      assertLatency(value)
      latency = value
    },
    get lag() {
      return keeper.lag
    },
    set lag(milliseconds) {
      keeper.lag = milliseconds
    },
    seed: (seed) => keeper.seed(seed),
    async reset() {
      const kept = keeper.reset()
      log.clear()
      faults.clear()
      holds.releaseAll()
      limiter.reset()
      latency = options.latency ?? 0
      await kept
    },
    failNext: (fault) => faults.failNext(fault),
    hold: (hold) => holds.hold(hold),
    onEvent: (onEvent) => keeper.listeners.add(onEvent),
    createUser: (user) => administer(createUser, user),
    updateUser: (userId, fields) => administer(updateUser, userId, fields),
    deleteUser: (userId) => administer(deleteUser, userId),
    createOrganization: (organization) => administer(createOrganization, organization),
    updateOrganization: (organizationId, fields) =>
      administer(updateOrganization, organizationId, fields),
    deleteOrganization: (organizationId) => administer(deleteOrganization, organizationId),
    createInvitation: (invitation) => administer(createInvitation, invitation),
    acceptInvitation: (accepted) => administer(acceptInvitation, accepted),
    revokeInvitation: (invitationId) => administer(revokeInvitation, invitationId),
    webhooks: webhookOptions &&
      sender && {
        secret: webhookOptions.secret,
        deliveries: sender.deliveries,
        settled: () => sender.settled(),
      },
    createSessionToken: (token) => tokens.createSessionToken(keeper.store, token),
    createTemplateToken: (token) => tokens.createTemplateToken(keeper.store, token),
    createMachineToken: (token = {}) => tokens.createMachineToken(token),
    close,
    [Symbol.asyncDispose]: close,
  }
  return { emulator, store: () => keeper.store }
}

/** An option given as `undefined` counts as not given. */
function definedOf(options: EmulatorOptions): Partial<InstanceRules> {
  return Object.fromEntries(
    Object.keys(defaultRules)
      .map((key) => [key, options[key as keyof InstanceRules]] as const)
      .filter(([, value]) => value !== undefined),
  )
}

function originOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
