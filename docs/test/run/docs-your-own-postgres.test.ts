import { readFile } from 'node:fs/promises'
import type { Database } from '@org-memberships/mirror'
import type { Pool } from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createOrganizationMembershipsMirror } from '@org-memberships/mirror'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import {
  type PostgresServer,
  startPostgres,
} from '../../../packages/mirror/test/support/postgres-server.js'
import { Page } from './page.js'

const page = await Page.open('docs/your-own-postgres.md')

let server: PostgresServer
let emulator: Emulator
let pool: Pool
let database: Database

beforeAll(async () => {
  server = await startPostgres()
  const { host, user, database: name } = server.connection
  vi.stubEnv('DATABASE_URL', `postgres://${user}@localhost/${name}?host=${host}`)
  const made = await page.import<{ pool: Pool; database: Database }>(
    '## Make the tables',
    'database.ts',
  )
  ;({ pool, database } = made)
  emulator = await createEmulator({
    seed: {
      users: [
        { id: 'user_ada', first_name: 'Ada', last_name: 'Lovelace' },
        { id: 'user_bob', first_name: 'Bob' },
        { id: 'user_cleo' },
      ],
      organizations: [
        {
          id: 'org_acme',
          memberships: [
            { user_id: 'user_ada', role: 'org:admin', public_metadata: { team: 'red' } },
            { user_id: 'user_bob', role: 'org:member', created_at: 1_500_000_000_000 },
            { user_id: 'user_cleo', role: 'org:member', created_at: 1_500_000_000_000 },
          ],
        },
      ],
    },
  })
  const client = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
  const mirror = createOrganizationMembershipsMirror({ client, database })
  await mirror.reconcile()
  await mirror.delete({ organizationId: 'org_acme', userId: 'user_cleo' })
  await pool.query(`create table tasks (title text, organization_id text, assignee_id text, done_at timestamptz);
insert into tasks values ('paint', 'org_acme', 'user_ada', null), ('sweep', 'org_acme', 'user_cleo', null), ('rest', 'org_acme', 'user_bob', now())`)
}, 60_000)

afterAll(async () => {
  vi.unstubAllEnvs()
  await pool?.end()
  await Promise.allSettled([server?.stop(), emulator?.close()])
})

const ids = { organization_id: 'org_acme' }

it.each([
  ['join.sql', [{ title: 'paint', first_name: 'Ada', last_name: 'Lovelace', role: 'org:admin' }]],
  ['orphans.sql', [{ title: 'sweep', assignee_id: 'user_cleo' }]],
  ['metadata.sql', [{ user_id: 'user_ada' }]],
  [
    'roles.sql',
    [
      { ...ids, role: 'org:admin', members: 1 },
      { ...ids, role: 'org:member', members: 1 },
    ],
  ],
  ['joined.sql', [{ ...ids, user_id: 'user_ada', role: 'org:admin' }]],
  [
    'left.sql',
    [{ ...ids, user_id: 'user_cleo', role: 'org:member', at: expect.any(Date) as Date }],
  ],
])('%s', async (name, rows) => {
  expect((await pool.query(await textOf(name))).rows).toEqual(rows)
})

it('the printed migration and privileges are enough for a role of the app', async () => {
  const { sql, privileges } = await page.import<{ sql: string; privileges: string }>(
    '## Make the tables',
    'migration.ts',
  )
  await pool.query('drop schema organization_memberships cascade')
  await pool.query(`create role app login; ${sql} ${privileges}`)
  await pool.query('set role app')
  const { rows } = await pool.query('select count(*)::int from organization_memberships.changes')
  expect(rows).toEqual([{ count: 0 }])
  await pool.query('reset role')
})

it('listens with a client of its own', async () => {
  vi.stubEnv('DIRECT_DATABASE_URL', process.env['DATABASE_URL'])
  const direct = await page.import<{ pool: Pool; database: Database }>('## Connections')
  const messages: string[] = []
  const stop = await direct.database.listen!('a_channel', (message) => messages.push(message))
  await direct.database.query("select pg_notify('a_channel', 'heard')::text", [])
  await vi.waitUntil(() => messages.length > 0)
  await stop()
  await direct.pool.end()
  expect(messages).toEqual(['heard'])
})

async function textOf(name: string): Promise<string> {
  const text = await readFile(new URL('../../your-own-postgres.md', import.meta.url), 'utf8')
  const [, sql] = text.split(`<!-- ${name} -->`)[1]?.match(/```sql\n(.*?)```/s) ?? []
  if (sql === undefined) throw new Error(`The page has no ${name}.`)
  return sql
}

page.itLeavesNothingOut()
