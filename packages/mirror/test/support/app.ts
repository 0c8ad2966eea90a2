import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type Seed,
} from '@org-memberships/emulator'
import { onTestFinished } from 'vitest'
import type { Database } from '../../src/database/database.js'
import { fromPool } from '../../src/database/pg.js'
import {
  createOrganizationMembershipsMirror,
  migrate,
  type MirrorEvent,
  type MirrorOptions,
  type OrganizationMembershipsMirror,
} from '../../src/index.js'
import { ownSchema, postgresPool } from './postgres.js'

/** An app with a mirror, over an emulator and a real PostgreSQL. Closed with the test. */
export interface App {
  readonly emulator: Emulator
  readonly client: OrganizationMembershipsClient
  readonly database: Database
  readonly schema: string
  readonly mirror: OrganizationMembershipsMirror
  /** Events that the API sent and nobody received yet. */
  readonly events: MirrorEvent[]
  /** Errors of the background. */
  readonly errors: unknown[]
  /** Another process of the same app. */
  another(options?: Partial<MirrorOptions>): OrganizationMembershipsMirror
  /** Gives the mirror every event that is waiting. */
  deliver(): Promise<void>
  /** Requests since the last call. */
  requests(): number
  /** Makes everything that was read or checked older by so many ms. */
  age(ms: number): Promise<void>
}

export const ada = { organizationId: 'org_acme', userId: 'user_ada' }
export const bob = { organizationId: 'org_acme', userId: 'user_bob' }
export const cid = { organizationId: 'org_acme', userId: 'user_cid' }

export const acme: Seed = {
  users: [
    { id: 'user_ada', first_name: 'Ada', email_address: 'ada@example.com' },
    { id: 'user_bob', first_name: 'Bob', email_address: 'bob@example.com' },
    { id: 'user_cid', first_name: 'Cid' },
  ],
  organizations: [
    {
      id: 'org_acme',
      name: 'Acme',
      memberships: [
        { user_id: 'user_ada', role: 'org:admin' },
        { user_id: 'user_bob', role: 'org:member' },
      ],
    },
    { id: 'org_else', name: 'Else', memberships: [{ user_id: 'user_bob', role: 'org:admin' }] },
  ],
}

/** An organization of many. */
export function crowd(size: number): Seed {
  const users = Array.from({ length: size }, (_, n) => ({ id: `user_${n}` }))
  const memberships = users.map(({ id }) => ({ user_id: id, role: 'org:member' }))
  return { users, organizations: [{ id: 'org_acme', name: 'Acme', memberships }] }
}

export async function openApp({
  seed = acme,
  emulator: emulatorOptions,
  ...options
}: Partial<MirrorOptions> & {
  seed?: Seed
  emulator?: Partial<EmulatorOptions>
} = {}): Promise<App> {
  const emulator = await createEmulator({ seed, ...emulatorOptions })
  onTestFinished(() => emulator.close())
  const client = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
    maxRetries: 0,
  })
  const database = fromPool(await postgresPool())
  const schema = ownSchema()
  await migrate(database, { schema })
  const errors: unknown[] = []
  const another = (more: Partial<MirrorOptions> = {}) => {
    const mirror = createOrganizationMembershipsMirror({
      client,
      database,
      schema,
      settle: 0,
      refreshWindow: 0,
      onError: (error) => errors.push(error),
      ...options,
      ...more,
    })
    onTestFinished(() => mirror.stop())
    return mirror
  }
  const mirror = another()
  const events: MirrorEvent[] = []
  emulator.onEvent((event) => {
    events.push(event)
  })
  let seen = 0
  return {
    emulator,
    client,
    database,
    schema,
    mirror,
    events,
    errors,
    another,
    async deliver() {
      for (const event of events.splice(0)) await mirror.receive(event)
    },
    async age(ms) {
      await database.query(
        `update ${schema}.memberships set read_at = read_at - $1::text::bigint`,
        [String(ms)],
      )
      await database.query(
        `update ${schema}.organizations set checked_at = checked_at - $1::text::bigint`,
        [String(ms)],
      )
    },
    requests() {
      const count = emulator.requests.length - seen
      seen = emulator.requests.length
      return count
    },
  }
}
