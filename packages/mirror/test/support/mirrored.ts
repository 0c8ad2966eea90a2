import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator, type Seed } from '@org-memberships/emulator'
import type { PoolConfig } from 'pg'
import { fromPool } from '../../src/database/pg.js'
import type { Reading } from '../../src/reading/otherwise.js'
import { databaseClock, takeMoment, type Tables } from '../../src/rows/tables.js'
import { writeReadings } from '../../src/rows/write.js'
import { migrate } from '../../src/schema/migrate.js'
import { quoteSchema } from '../../src/schema/name.js'
import { openPool, ownSchema } from './postgres.js'

/** An emulator, a client of it, and a mirror in a schema of its own. */
export interface Mirrored extends AsyncDisposable {
  readonly emulator: Emulator
  readonly client: OrganizationMembershipsClient
  readonly tables: Tables
  /** Reads from the rows alone. */
  readonly rows: Reading
  /** Asks the API for what the rows cannot answer. */
  readonly reading: Reading
  close(): Promise<void>
}

/** @param listed the organizations that are listed whole; with all of them the instance is. @default all */
export async function mirrored(
  seed: Seed,
  listed?: readonly string[],
  config: PoolConfig = {},
): Promise<Mirrored> {
  const emulator = await createEmulator({ seed })
  const client = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
  const pool = await openPool(config)
  const schema = ownSchema()
  const database = fromPool(pool)
  await migrate(database, { schema })
  const tables = { database, schema, quoted: quoteSchema(schema), now: databaseClock }
  const all = (seed.organizations ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]))
  for (const organizationId of listed ?? all) await copyOrganization(tables, client, organizationId)
  if (listed === undefined) await markInstance(tables)
  const close = async () => {
    await Promise.all([emulator.close(), pool.end()])
  }
  const reading = { tables, client, otherwise: 'api' } as const
  const rows = { ...reading, otherwise: 'refuse' } as const
  return { emulator, client, tables, rows, reading, close, [Symbol.asyncDispose]: close }
}

async function copyOrganization(
  tables: Tables,
  client: OrganizationMembershipsClient,
  organizationId: string,
): Promise<void> {
  const moment = await takeMoment(tables)
  const memberships = await collect(client.listAll({ organizationId }))
  const readings = memberships.map((membership) => ({
    organizationId,
    userId: membership.publicUserData?.userId as string,
    membership,
  }))
  await writeReadings(tables, readings, {
    moment,
    source: 'reconcile',
    unknown: 'insert',
    keepPrivateMetadata: false,
  })
  await tables.database.query(
    `insert into ${tables.quoted}.organizations as o (organization_id, listed_version) values ($1, $2::text::bigint)
on conflict (organization_id) do update set listed_version = excluded.listed_version`,
    [organizationId, moment.version],
  )
}

async function markInstance(tables: Tables): Promise<void> {
  const { version } = await takeMoment(tables)
  await tables.database.query(
    `update ${tables.quoted}.mirror_state set listed_version = $1::text::bigint`,
    [version],
  )
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}
