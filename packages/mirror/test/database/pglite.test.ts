import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Database } from '../../src/index.js'
import { fromPGlite } from '../../src/database/pglite.js'

let pglite: PGlite
let database: Database
beforeAll(async () => {
  pglite = await PGlite.create()
  database = fromPGlite(pglite)
})
afterAll(() => pglite.close())

it('sends text and null, and reads both', async () => {
  const { rows } = await database.query(
    'select $1::text as text, $2::text as nothing, $3::text::bigint::text as number',
    ["it's 😀", null, '9007199254740993'],
  )

  expect(rows).toEqual([{ text: "it's 😀", nothing: null, number: '9007199254740993' }])
})

it('commits a transaction, or none of it', async () => {
  await database.query('create table kept (id text)', [])
  const failure = new Error('changed my mind')

  await database.transaction((transaction) =>
    transaction.query("insert into kept values ('first')", []),
  )
  await expect(
    database.transaction(async (transaction) => {
      await transaction.query("insert into kept values ('second')", [])
      throw failure
    }),
  ).rejects.toBe(failure)

  expect(await database.query('select id from kept', [])).toEqual({ rows: [{ id: 'first' }] })
})

it('listens to one channel until it is told to stop', async () => {
  const messages: string[] = []
  const stop = await database.listen!('my_channel', (message) => messages.push(message))

  await database.query("select pg_notify('other_channel', 'x')", [])
  await database.query("select pg_notify('my_channel', 'a')", [])
  await vi.waitUntil(() => messages.length > 0)
  await stop()
  await database.query("select pg_notify('my_channel', 'late')", [])
  await database.query('select 1', [])

  expect(messages).toEqual(['a'])
})
