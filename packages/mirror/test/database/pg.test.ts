import { Client, Pool, type PoolConfig } from 'pg'
import { expect, it, vi } from 'vitest'
import { toMirrorError } from '../../src/database/failures.js'
import { fromPool, type PgOptions } from '../../src/database/pg.js'
import { postgresConnection, postgresPool } from '../support/postgres.js'

async function databaseOf(config?: PoolConfig, options?: PgOptions) {
  const pool = await postgresPool(config)
  return { pool, database: fromPool(pool, options) }
}

const one = { text: 'select 1::text as one', rows: [{ one: '1' }] }

it('sends text and null, and reads both', async () => {
  const { database } = await databaseOf()
  const text = "it's \\ \"text\" $1 ; 'Ä' 😀"

  const { rows } = await database.query('select $1::text as text, $2::text as nothing', [
    text,
    null,
  ])

  expect(rows).toEqual([{ text, nothing: null }])
})

it('commits a transaction, or none of it', async () => {
  const { database } = await databaseOf()
  await database.query('create temporary table if not exists kept (id text)', [])
  const table = `kept_${process.pid}_${Date.now()}`
  await database.query(`create table ${table} (id text)`, [])
  const insert = (id: string, end: () => void) =>
    database.transaction(async (transaction) => {
      await transaction.query(`insert into ${table} values ($1)`, [id])
      end()
    })
  const failure = new Error('changed my mind')

  await insert('first', () => {})
  await expect(
    insert('second', () => {
      throw failure
    }),
  ).rejects.toBe(failure)

  const { rows } = await database.query(`select id from ${table}`, [])
  expect(rows).toEqual([{ id: 'first' }])
  await database.query(`drop table ${table}`, [])
})

it('prepares a statement once on each connection', async () => {
  const { database } = await databaseOf({ max: 1 })
  for (let time = 0; time < 3; time += 1) await database.query(one.text, [])

  const { rows } = await database.query(
    `select count(*)::text as count from pg_prepared_statements where statement = $1`,
    [one.text],
  )

  expect(rows).toEqual([{ count: '1' }])
})

it('goes on where the connection has lost its prepared statements, as behind a pooler', async () => {
  const { pool, database } = await databaseOf({ max: 1 })
  await database.query(one.text, [])
  await pool.query('deallocate all')

  expect(await database.query(one.text, [])).toEqual({ rows: one.rows })

  await pool.query('deallocate all')
  await database.query(one.text, [])
  const { rows } = await pool.query('select name from pg_prepared_statements')
  expect(rows).toEqual([])
})

it('gives up on a statement after the timeout, and uses another connection from then on', async () => {
  const { database } = await databaseOf({ max: 1 }, { timeout: 200 })

  await expect(database.query('select pg_sleep(60)::text', [])).rejects.toThrow(/timeout/i)

  expect(await database.query(one.text, [])).toEqual({ rows: one.rows })
})

it('gives up on a pool that has no connection left, and gives back the one that comes late', async () => {
  const { pool, database } = await databaseOf({ max: 1 }, { timeout: 200 })
  const taken = await pool.connect()

  await expect(database.query(one.text, [])).rejects.toMatchObject({ code: 'ETIMEDOUT' })

  taken.release()
  expect(await database.query(one.text, [])).toEqual({ rows: one.rows })
})

it('survives the end of idle connections', async () => {
  const { pool, database } = await databaseOf({ application_name: 'survives_idle' })
  await Promise.all([1, 2, 3].map(() => database.query(one.text, [])))
  const other = await postgresPool()

  await endConnections(other, 'survives_idle')

  await vi.waitUntil(() => pool.totalCount === 0)
  expect(await database.query(one.text, [])).toEqual({ rows: one.rows })
})

it('reports a connection that is lost within a transaction, and drops it', async () => {
  const { pool, database } = await databaseOf({ application_name: 'lost_within', max: 1 })
  const other = await postgresPool()

  const failing = database.transaction(async (transaction) => {
    await transaction.query(one.text, [])
    await endConnections(other, 'lost_within')
    await transaction.query(one.text, [])
  })
  const error: unknown = await failing.catch((thrown: unknown) => thrown)

  // The server's last word, or what the socket says, whichever is first.
  expect(toMirrorError(error, 'my_mirror').message).toContain('the connection was lost')
  expect(await database.query(one.text, [])).toEqual({ rows: one.rows })
  expect(pool.totalCount).toBe(1)
})

it('listens on a session of its own, to one channel', async () => {
  const { database } = await databaseOf({ max: 1 })
  const messages: string[] = []
  const stop = await database.listen!('my_channel', (message) => messages.push(message))

  await database.query("select pg_notify('other_channel', 'x'), pg_notify('my_channel', 'a')", [])
  await database.query("select pg_notify('my_channel', '')", [])
  await vi.waitUntil(() => messages.length === 2)
  await stop()
  await database.query("select pg_notify('my_channel', 'late')", [])

  expect(messages).toEqual(['a', ''])
})

it('says once when it cannot hear any more', async () => {
  const { database } = await databaseOf({ application_name: 'deaf' })
  const ends: unknown[] = []
  await database.listen!(
    'my_channel',
    () => {},
    (error) => ends.push(error),
  )
  const other = await postgresPool()

  await endConnections(other, 'deaf')

  await vi.waitUntil(() => ends.length > 0)
  expect(ends).toHaveLength(1)
})

it('does not speak of an end that was asked for', async () => {
  const { database } = await databaseOf()
  const onEnd = vi.fn<(error: unknown) => void>()
  const stop = await database.listen!('my_channel', () => {}, onEnd)

  await stop()

  expect(onEnd).not.toHaveBeenCalled()
})

it('listens with the client that the app makes, or not at all', async () => {
  const connection = await postgresConnection()
  const makeClient = vi.fn<() => Client>(() => new Client(connection))
  const direct = await databaseOf({}, { listener: makeClient })
  const polling = await databaseOf({}, { listener: false })

  const stop = await direct.database.listen!('my_channel', () => {})
  await stop()

  expect(makeClient).toHaveBeenCalledOnce()
  expect(polling.database.listen).toBeUndefined()
})

it('rejects when it cannot begin to listen', async () => {
  const { database } = await databaseOf({ database: 'no_such_database' })

  await expect(database.listen!('my_channel', () => {})).rejects.toMatchObject({ code: '3D000' })
})

async function endConnections(pool: Pool, name: string): Promise<void> {
  await pool.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1',
    [name],
  )
}
