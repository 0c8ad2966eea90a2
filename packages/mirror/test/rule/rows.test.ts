import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fromPool } from '../../src/database/pg.js'
import { fromPGlite } from '../../src/database/pglite.js'
import { claimStaleMembers, postponeClaim } from '../../src/rows/claim.js'
import { recordDeletion } from '../../src/rows/deletions.js'
import { invalidateMembers } from '../../src/rows/invalidate.js'
import { invalidateMissing } from '../../src/rows/missing.js'
import { beginWrite, endWrite } from '../../src/rows/pending-writes.js'
import { takeMoment, toStoredJSON, type Tables } from '../../src/rows/tables.js'
import { readTrusted } from '../../src/rows/trusted.js'
import { writeResponse, writeReadings } from '../../src/rows/write.js'
import { ownSchema, postgresPool } from '../support/postgres.js'
import { mutated } from './mutants.js'
import { ada, createTables, feedOf, membershipOf, reading, rowOf, said } from './rows.js'

let pglite: PGlite
let tables: Tables
const atOnce = { settle: 0, delay: 0 }

beforeAll(async () => {
  pglite = await PGlite.create()
})
afterAll(() => pglite.close())
beforeEach(async () => {
  tables = await createTables(fromPGlite(pglite), ownSchema())
})

async function read(member = ada, role?: string): Promise<void> {
  const moment = await takeMoment(tables)
  await writeReadings(tables, [{ ...member, membership: membershipOf(member, role) }], {
    ...reading,
    moment,
  })
}

describe('a deletion', () => {
  it('is not missed by a reconcile that lists a member whom nobody knew', async () => {
    const moment = await takeMoment(tables)
    await recordDeletion(tables, 'organization', ada.organizationId, atOnce)
    await writeReadings(tables, [{ ...ada, membership: membershipOf(ada) }], { ...reading, moment })

    expect(await readTrusted(tables, ada, 60_000)).toEqual({ state: 'stale' })
  })

  it('would be missed if the rule did not look for it', async () => {
    const wrong = mutated(tables, [
      'and not exists (select from "' + tables.schema + '".deleted_entities',
      'and exists (select 1 union select 2 from "' + tables.schema + '".deleted_entities',
    ])
    const moment = await takeMoment(tables)
    await recordDeletion(tables, 'organization', ada.organizationId, atOnce)
    await writeReadings(wrong, [{ ...ada, membership: membershipOf(ada) }], { ...reading, moment })

    expect(wrong.hits()).toBe(1)
    expect(await readTrusted(tables, ada, 60_000)).toMatchObject({ state: 'trusted' })
  })

  it('of a user takes the names out of rows and feed, and out of what comes later', async () => {
    await read()
    const moment = await takeMoment(tables)
    await recordDeletion(tables, 'user', ada.userId, atOnce)
    // A replica that does not know yet.
    await writeReadings(tables, [{ ...ada, membership: membershipOf(ada, 'org:admin') }], {
      ...reading,
      moment: await takeMoment(tables),
    })
    await writeReadings(tables, [{ ...ada, membership: null }], {
      ...reading,
      moment: await takeMoment(tables),
    })

    expect(JSON.stringify([await rowOf(tables, ada), await feedOf(tables)])).not.toMatch(
      /Ada|Lovelace|example/,
    )
    expect((await feedOf(tables)).map(({ kind }) => kind)).toEqual([
      'created',
      'updated',
      'deleted',
    ])
    expect(moment.version).toBeDefined()
  })
})

describe('a write of ours', () => {
  it('keeps its row stale until its answer', async () => {
    await read()
    const pendingWrite = await beginWrite(tables, ada, { hold: 60_000, settle: 0 })
    await read()
    expect(await readTrusted(tables, ada, 60_000)).toEqual({ state: 'stale' })

    await writeResponse(
      tables,
      { ...ada, membership: membershipOf(ada, 'org:admin') },
      {
        moment: await takeMoment(tables),
        pendingWrite,
        settle: 0,
        actor: 'user_bob',
        keepPrivateMetadata: false,
      },
    )
    // Somebody has read meanwhile, and may have seen either.
    expect(await rowOf(tables, ada)).toMatchObject({ pending: '{}', stale: expect.any(String) })
    await read(ada, 'org:admin')
    expect(await readTrusted(tables, ada, 60_000)).toMatchObject({
      membership: { role: 'org:admin' },
    })
  })

  it('is fresh with its answer where nothing came between, and in the feed with its actor', async () => {
    const pendingWrite = await beginWrite(tables, ada, { hold: 60_000, settle: 0 })
    await writeResponse(
      tables,
      { ...ada, membership: membershipOf(ada) },
      {
        moment: await takeMoment(tables),
        pendingWrite,
        settle: 0,
        actor: 'user_bob',
        keepPrivateMetadata: false,
      },
    )

    expect(await readTrusted(tables, ada, 60_000)).toMatchObject({ state: 'trusted' })
    expect(await feedOf(tables)).toMatchObject([
      { kind: 'created', source: 'write', actor: 'user_bob' },
    ])
  })

  it('that was carried out before a removal by others is not believed, once that is known', async () => {
    await read()
    const pendingWrite = await beginWrite(tables, ada, { hold: 60_000, settle: 60_000 })
    // Carried out, then the removal; its event overtakes the response.
    await invalidateMembers(tables, [ada], { settle: 60_000, delay: 0 })
    await writeResponse(
      tables,
      { ...ada, membership: membershipOf(ada, 'org:admin') },
      {
        moment: await takeMoment(tables),
        pendingWrite,
        settle: 60_000,
        actor: undefined,
        keepPrivateMetadata: false,
      },
    )

    expect(await readTrusted(tables, ada, 60_000)).toEqual({ state: 'stale' })
  })

  it('that was sent after one that is carried out later is not believed', async () => {
    await read()
    const settling = { settle: 60_000, actor: undefined, keepPrivateMetadata: false }
    const removal = await beginWrite(tables, ada, { hold: 60_000, settle: 60_000 })
    const update = await beginWrite(tables, ada, { hold: 60_000, settle: 60_000 })
    // Update, then removal; the removal's response comes first and is stored last.
    const removed = await takeMoment(tables)
    await writeResponse(
      tables,
      { ...ada, membership: membershipOf(ada, 'org:admin') },
      { ...settling, pendingWrite: update, moment: await takeMoment(tables) },
    )
    await writeResponse(
      tables,
      { ...ada, membership: null },
      { ...settling, pendingWrite: removal, moment: removed },
    )

    expect(await readTrusted(tables, ada, 60_000)).toEqual({ state: 'stale' })
  })

  it('is not made fresh by a read that its response held off', async () => {
    await tables.database.query(`create sequence ${tables.quoted}.ticks`, [])
    // A clock that goes on between two looks of one statement.
    const ticking = { ...tables, now: `nextval('${tables.quoted}.ticks')` }
    const pendingWrite = await beginWrite(ticking, ada, { hold: 1000, settle: 1000 })
    await writeResponse(
      ticking,
      { ...ada, membership: membershipOf(ada) },
      {
        moment: await takeMoment(ticking),
        pendingWrite,
        settle: 1000,
        actor: undefined,
        keepPrivateMetadata: false,
      },
    )
    const { rows } = await tables.database.query(
      `select stale_until::text as until from ${tables.quoted}.memberships`,
      [],
    )
    const { version } = await takeMoment(ticking)
    await writeReadings(ticking, [{ ...ada, membership: null }], {
      ...reading,
      moment: { version, at: Number(rows[0]?.until) },
    })

    const { membership, stale } = await rowOf(tables, ada)
    expect(membership === null || stale !== null).toBe(true)
  })

  it('that was refused holds nothing up, and a read that began before its end does not count', async () => {
    await read()
    const pendingWrite = await beginWrite(tables, ada, { hold: 60_000, settle: 0 })
    const moment = await takeMoment(tables)
    await endWrite(tables, ada, pendingWrite)
    await writeReadings(tables, [{ ...ada, membership: membershipOf(ada) }], { ...reading, moment })
    expect(await readTrusted(tables, ada, 60_000)).toEqual({ state: 'stale' })

    await read()
    expect(await readTrusted(tables, ada, 60_000)).toMatchObject({ state: 'trusted' })
  })
})

describe('a claim', () => {
  it('is held by one process, and due again with a backoff that a hint does not shorten', async () => {
    await invalidateMembers(tables, [ada], atOnce)
    const claim = await claimStaleMembers(tables, { lease: 60_000, window: 0 })
    expect(claim).toMatchObject({ organizationId: 'org_acme', userIds: ['user_ada'] })
    expect(await claimStaleMembers(tables, { lease: 60_000, window: 0 })).toBeUndefined()

    await postponeClaim(tables, claim!, { wait: 60_000, longestWait: 600_000 })
    await invalidateMembers(tables, [ada], atOnce)
    expect(await claimStaleMembers(tables, { lease: 60_000, window: 0 })).toBeUndefined()
  })

  it('takes one organization, 100 members, and leaves it alone for the window', async () => {
    const members = Array.from({ length: 150 }, (_, n) => ({
      organizationId: 'org_acme',
      userId: `user_${n}`,
    }))
    await invalidateMembers(
      tables,
      [...members, { organizationId: 'org_else', userId: 'user_0' }],
      atOnce,
    )

    const claims = [1, 2, 3].map(() => claimStaleMembers(tables, { lease: 60_000, window: 60_000 }))
    const sizes = (await Promise.all(claims)).map((claim) => claim?.userIds.length)
    expect(sizes.toSorted()).toEqual([1, 100, undefined])
  })
})

describe('members whom a list leaves out', () => {
  it('become stale, and nobody is removed', async () => {
    await read()
    const { version } = await takeMoment(tables)

    expect(await invalidateMissing(tables, 'org_acme', version, { allowRemovals: false })).toEqual({
      missing: 1,
      members: 1,
      refused: false,
    })
    expect(await rowOf(tables, ada)).toMatchObject({
      stale: expect.any(String),
      membership: expect.any(String),
    })
  })

  it.each([
    [11, 55, false],
    [12, 55, true],
    [10, 11, false],
    [11, 11, true],
  ])('%i of %i at once: refused is %s', async (missing, all, refused) => {
    const members = Array.from({ length: all }, (_, n) => ({
      organizationId: 'org_acme',
      userId: `user_${n}`,
    }))
    const readings = members.map((member) => said(member, membershipOf(member)))
    await writeReadings(tables, readings, { ...reading, moment: await takeMoment(tables) })
    const moment = await takeMoment(tables)
    await writeReadings(tables, readings.slice(missing), { ...reading, moment })

    const result = await invalidateMissing(tables, 'org_acme', moment.version, {
      allowRemovals: false,
    })
    expect(result).toEqual({ missing, members: all, refused })
    const permitted = await invalidateMissing(tables, 'org_acme', moment.version, {
      allowRemovals: true,
    })
    expect(permitted.refused).toBe(false)
    expect(permitted.missing).toBe(refused ? missing : 0)
  })
})

describe('what is stored', () => {
  it('has no private metadata unless that is wanted', async () => {
    await read()
    expect((await rowOf(tables, ada)).membership).not.toContain('secret')

    const moment = await takeMoment(tables)
    await writeReadings(tables, [{ ...ada, membership: membershipOf(ada) }], {
      ...reading,
      keepPrivateMetadata: true,
      moment,
    })
    expect((await rowOf(tables, ada)).membership).toContain('secret')
    expect(JSON.stringify(await feedOf(tables))).not.toContain('secret')
  })

  it('has U+FFFD where jsonb takes no character', async () => {
    const value = { 'a\0': ['\ud800', '\u{1F600}', '\\u0000', 1, null] }
    expect(JSON.parse(toStoredJSON(value))).toEqual({
      'a\uFFFD': ['\uFFFD', '\u{1F600}', '\\u0000', 1, null],
    })
    expect(JSON.parse(toStoredJSON(JSON.parse('{"__proto__":"\\u0000"}')))).toHaveProperty(
      ['__proto__'],
      '\uFFFD',
    )
    await pglite.query('select $1::text::jsonb', [toStoredJSON(value)])
  })

  it('counts the members of each organization', async () => {
    await read()
    await read({ ...ada, userId: 'user_bob' })
    await writeReadings(tables, [{ ...ada, membership: null }], {
      ...reading,
      moment: await takeMoment(tables),
    })

    const { rows } = await tables.database.query(
      `select member_count::text as members from ${tables.quoted}.organizations`,
      [],
    )
    expect(rows).toEqual([{ members: '1' }])
  })
})

describe('on PostgreSQL, by many connections at once', () => {
  it('numbers the feed in the order of commits and without gaps, and folds to the table', async () => {
    const pool = await postgresPool({ max: 8 })
    tables = await createTables(fromPool(pool), ownSchema())
    const members = Array.from({ length: 6 }, (_, n) => ({
      organizationId: `org_${n % 2}`,
      userId: `user_${n}`,
    }))
    const writing = { now: true }
    const seen: number[] = []
    const follow = async () => {
      while (writing.now) {
        const { rows } = await tables.database.query(
          `select number::text as number from ${tables.quoted}.changes where number > $1::bigint order by changes.number`,
          [String(seen.at(-1) ?? 0)],
        )
        seen.push(...rows.map(({ number }) => Number(number)))
      }
    }
    const write = async (writer: number) => {
      for (let round = 0; round < 25; round += 1) {
        const moment = await takeMoment(tables)
        const batch = members.filter((_, n) => (n + round + writer) % 3 !== 0)
        await writeReadings(
          tables,
          batch.map((member) => {
            const gone = (round + writer) % 4 === 0
            return said(member, gone ? null : membershipOf(member, `org:${writer}_${round}`))
          }),
          { ...reading, moment },
        )
      }
    }
    const following = follow()
    await Promise.all([1, 2, 3, 4, 5].map(write))
    writing.now = false
    await following

    const feed = await feedOf(tables)
    expect(feed.map(({ number }) => Number(number))).toEqual(feed.map((_, n) => n + 1))
    // The reader asked only for what is after the last it saw.
    expect(seen).toEqual(seen.map((_, n) => n + 1))
    const folded = new Map<string, string | null>()
    for (const { user_id: userId, before, after } of feed) {
      expect(folded.get(userId!) ?? null).toBe(before)
      folded.set(userId!, after ?? null)
    }
    for (const member of members) {
      expect(folded.get(member.userId) ?? null).toBe((await rowOf(tables, member)).membership)
    }
    const { rows } = await tables.database.query(
      `select (select sum(member_count) from ${tables.quoted}.organizations)::text as counted, count(membership)::text as members from ${tables.quoted}.memberships`,
      [],
    )
    expect(rows[0]!.counted).toBe(rows[0]!.members)
  })
})
