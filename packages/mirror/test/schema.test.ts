import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromPGlite } from '../src/database/pglite.js'
import { fromPool } from '../src/database/pg.js'
import { checkSchema, type Database, migrate, migrationSQL } from '../src/index.js'
import { ownSchema, postgresPool } from './support/postgres.js'

let pglite: PGlite
let database: Database

beforeAll(async () => {
  pglite = await PGlite.create()
  database = fromPGlite(pglite)
})
afterAll(() => pglite.close())

describe('migrate', () => {
  it('creates the tables once, though many ask at the same time', async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => migrate(database, { schema: 'fleet' })),
    )

    expect(results.filter(({ from }) => from === 0)).toHaveLength(1)
    expect(results.filter(({ from, to }) => from === to)).toHaveLength(3)
    await checkSchema(database, { schema: 'fleet' })
  })

  it('creates the tables once, though the processes have looked for them before', async () => {
    const schema = ownSchema()
    const processes = await Promise.all(
      [1, 2, 3].map(async () => fromPool(await postgresPool({ max: 1 }))),
    )
    for (const process of processes) {
      await expect(checkSchema(process, { schema })).rejects.toMatchObject({ reason: 'missing' })
    }

    const results = await Promise.all(processes.map((process) => migrate(process, { schema })))

    expect(results.filter(({ from }) => from === 0)).toHaveLength(1)
  })

  it('leaves nothing behind when a statement fails', async () => {
    const failing: Database = {
      ...database,
      transaction: (run) =>
        database.transaction((transaction) =>
          run({
            query: (text, values) =>
              text.includes('create table "half".changes')
                ? Promise.reject(new Error('away'))
                : transaction.query(text, values),
          }),
        ),
    }

    await expect(migrate(failing, { schema: 'half' })).rejects.toThrow('away')
    await expect(checkSchema(database, { schema: 'half' })).rejects.toMatchObject({
      name: 'SchemaError',
      reason: 'missing',
    })
    expect(await migrate(database, { schema: 'half' })).toEqual({ from: 0, to: 1 })
  })

  it('prints what it does', async () => {
    await pglite.exec(migrationSQL({ schema: 'printed' }))

    await checkSchema(database, { schema: 'printed' })
    expect(await migrate(database, { schema: 'printed' })).toEqual({ from: 1, to: 1 })
  })
})

describe('checkSchema', () => {
  it.each([
    ['older', 'version = 0', 'has version 0, and this code needs 1'],
    ['newer', 'version = 9, oldest_code = 8', 'needs code of version 8 or newer; this code has 1'],
  ])('refuses a schema that is %s', async (reason, change, message) => {
    await migrate(database, { schema: reason })
    await database.query(`update ${reason}.schema_version set ${change}`, [])

    await expect(checkSchema(database, { schema: reason })).rejects.toMatchObject({ reason })
    await expect(checkSchema(database, { schema: reason })).rejects.toThrow(message)
  })

  it('accepts a newer schema that this code still works with', async () => {
    await migrate(database, { schema: 'deploying' })
    await database.query('update deploying.schema_version set version = 2, oldest_code = 1', [])

    await checkSchema(database, { schema: 'deploying' })
    expect(await migrate(database, { schema: 'deploying' })).toEqual({ from: 2, to: 2 })
  })

  it.each(['Public', 'a"b', '', 'pg_mirror', 'x'.repeat(61)])(
    'refuses the name %j',
    async (schema) => {
      await expect(migrate(database, { schema })).rejects.toMatchObject({ parameter: 'schema' })
    },
  )
})
