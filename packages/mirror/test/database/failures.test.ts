import { createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { inspect } from 'node:util'
import { Pool, type PoolConfig } from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Database } from '../../src/index.js'
import { toMirrorError, withReadableErrors } from '../../src/database/failures.js'
import { fromPool } from '../../src/database/pg.js'
import { postgresConnection, postgresPool } from '../support/postgres.js'

const secret = 'hunter2-private'

async function readable(config: PoolConfig = {}, timeout?: number): Promise<Database> {
  const pool = new Pool({ ...(await postgresConnection()), password: secret, ...config })
  // Not awaited: it waits for connections that the silent server never makes, which ends after this.
  onTestFinished(() => void pool.end())
  return withReadableErrors(fromPool(pool, { timeout }), 'my_mirror')
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Takes connections and never says a word. */
async function silentServer(): Promise<number> {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

describe('a database that is away', () => {
  it('is reported where nothing listens', async () => {
    const database = await readable({ host: '127.0.0.1', port: await closedPort() })

    for (const failing of [
      database.query('select 1', []),
      database.transaction((transaction) => transaction.query('select 1', [])),
      database.listen!('my_channel', () => {}),
    ]) {
      await expect(failing).rejects.toMatchObject({
        name: 'DatabaseError',
        code: 'ECONNREFUSED',
        message: expect.stringContaining('The database could not be reached') as string,
      })
    }
  })

  it('is reported where nobody answers, after the timeout', async () => {
    const database = await readable({ host: '127.0.0.1', port: await silentServer() }, 200)

    await expect(database.query('select 1', [])).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })

  it('is reported where it goes away under a statement', async () => {
    const database = await readable({ application_name: 'goes_away' })
    const other = await postgresPool()
    const failing = database.query('select pg_sleep(60)::text', []).catch((error: unknown) => error)

    let ended = 0
    while (ended === 0) {
      const { rowCount } = await other.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'goes_away' and state = 'active'",
      )
      ended = rowCount ?? 0
    }

    expect(await failing).toMatchObject({
      name: 'DatabaseError',
      message: expect.stringContaining('may or may not have happened') as string,
    })
  })
})

describe('a database that refuses', () => {
  it.each([
    [{ user: 'nobody_here' }, '28000', 'refused the role or its password'],
    [{ database: 'no_such_database' }, '3D000', 'does not exist'],
  ])('%o', async (config, code, message) => {
    const database = await readable(config)

    await expect(database.query('select 1', [])).rejects.toMatchObject({ code })
    await expect(database.query('select 1', [])).rejects.toThrow(message)
  })

  it('a table that is missing', async () => {
    const database = await readable()

    await expect(database.query('select 1 from my_mirror.memberships', [])).rejects.toMatchObject({
      name: 'SchemaError',
      reason: 'missing',
      message: expect.stringContaining('"my_mirror"') as string,
    })
  })

  it('a privilege that is missing', async () => {
    const pool = await postgresPool()
    const role = `reader_${process.pid}_${Date.now()}`
    await pool.query(`create role ${role} login`)
    onTestFinished(async () => {
      const cleaning = new Pool(await postgresConnection())
      await cleaning.query(`drop role ${role}`)
      await cleaning.end()
    })
    const database = await readable({ user: role })

    await expect(database.query('select 1 from pg_authid', [])).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('privilegesSQL()') as string,
    })
  })

  it('a write to a replica', async () => {
    const database = await readable({ options: '-c default_transaction_read_only=on' })

    await expect(database.query('create table x (id text)', [])).rejects.toThrow('not a replica')
  })
})

it('lets the errors of the code within a transaction through', async () => {
  const database = await readable()
  const failure = new Error('mine')

  await expect(database.transaction(() => Promise.reject(failure))).rejects.toBe(failure)
})

describe('nothing private is in an error', () => {
  it('of the server, which quotes rows', async () => {
    const database = await readable()
    const statement = 'insert into pg_temp.kept values ($1::text::jsonb), ($1::text::jsonb)'
    const failing = database.transaction(async (transaction) => {
      await transaction.query('create temporary table kept (value jsonb unique)', [])
      await transaction.query(statement, [JSON.stringify({ secret })])
    })

    const error: unknown = await failing.catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ name: 'DatabaseError', code: '23505' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
  })

  const sql = `insert into memberships values ('${secret}')`
  const server = Object.assign(new Error('duplicate key value violates a constraint'), {
    code: '23505',
    detail: `Key (value)=(${secret}) already exists.`,
  })
  it.each([
    ['Knex', Object.assign(new Error(`${sql} - ${server.message}`), { code: '23505' })],
    ['Drizzle', new Error(`Failed query: ${sql}\nparams: ${secret}`, { cause: server })],
    [
      'TypeORM',
      Object.assign(new Error(server.message), { driverError: server, parameters: [secret] }),
    ],
    [
      'Prisma',
      Object.assign(new Error('Raw query failed. Code: `23505`. Message: `duplicate key`'), {
        code: 'P2010',
        meta: { message: secret },
      }),
    ],
    ['a thrown string', secret],
  ])('of %s', (name, thrown) => {
    const error = toMirrorError(thrown, 'my_mirror')

    expect(error).toMatchObject({ code: name === 'a thrown string' ? undefined : '23505' })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
  })
})
