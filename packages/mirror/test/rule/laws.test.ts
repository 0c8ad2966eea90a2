import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromPGlite } from '../../src/database/pglite.js'
import type { Tables } from '../../src/rows/tables.js'
import { migrate } from '../../src/schema/migrate.js'
import { type Mutant, mutants, mutated, theRule } from './mutants.js'
import { guardedUpsert, naiveUpsert, type PayloadTable } from './naive.js'
import { preparing } from './prepared.js'
import { Schedule } from './schedule.js'
import { type Mode, modes } from './upstream.js'

// The laws of the mirror, over random schedules:
//  1. A row is fresh only if a read began after every committed hint, and `settle` after it.
//  2. Content never goes back to a lower version.
//  3. The answer to a write of ours makes fresh only if no other hint and no other read came between.
//  4. Who was removed, and whose hint has committed, is never given as a trusted member (follows from 1).
//  5. Quiet, every hint answered, and one reconcile: the table is what the API says.
//  6. The feed, folded, is the table.
const schedulesOfAMode = 80
const firstSeed = Number(process.env.MIRROR_SEED ?? 1)

let pglite: PGlite
let tables: Tables
/** The clock of the schedules goes on from one to the next. */
let clock = 1_700_000_000_000

beforeAll(async () => {
  pglite = await PGlite.create()
  const database = fromPGlite(pglite)
  await migrate(database, { schema: 'laws' })
  tables = {
    database: preparing(database, (sql) => pglite.exec(sql)),
    schema: 'laws',
    quoted: '"laws"',
    now: `current_setting('mirror.now')::bigint`,
  }
})
afterAll(() => pglite.close())

describe.each(modes)('$name', (mode) => {
  it('holds the laws', async () => {
    const wrong: string[] = []
    const naive = { wrong: 0, resurrected: 0 }
    const guarded = { wrong: 0, resurrected: 0 }
    for (let seed = firstSeed; seed < firstSeed + schedulesOfAMode; seed += 1) {
      const comparisons = [
        { table: naiveUpsert(), counts: naive, resurrected: false },
        { table: guardedUpsert(), counts: guarded, resurrected: false },
      ]
      const schedule = new Schedule(tables, theRule, mode, seed, clock, (event) => {
        for (const comparison of comparisons) {
          comparison.table.receive(event)
          comparison.resurrected ||= showsRemoved(comparison.table, schedule)
        }
      })
      await schedule.run()
      clock = schedule.upstream.now + 100_000
      wrong.push(...schedule.violations.map((violation) => `seed ${seed}: ${violation}`))
      for (const { table, counts, resurrected } of comparisons) {
        if (differs(table, schedule)) counts.wrong += 1
        if (resurrected) counts.resurrected += 1
      }
    }
    expect(wrong).toEqual([])
    expect(naive.wrong).toBeGreaterThan(0)
  })
})

describe('a mutant of the rule is noticed', () => {
  it.each(mutants)('$name', async (mutant) => {
    const noticed = await firstViolation(mutant)
    expect(noticed).toMatch(/law/)
  })
})

async function firstViolation(mutant: Mutant): Promise<string | undefined> {
  const changed = mutated(tables, mutant.text)
  const { seed: first, mode: name } = mutant.noticedBy
  const mode = modes.find((each) => each.name === name)
  for (let seed = first; seed < first + 100; seed += 1) {
    const rule = { ...theRule, ...mutant.rule }
    const schedule = new Schedule(changed, rule, renamed(mode!, mutant), seed, clock)
    await schedule.run()
    clock = schedule.upstream.now + 100_000
    if (schedule.violations.length > 0) return `seed ${seed}: ${schedule.violations[0]}`
  }
  expect(changed.hits()).toBeGreaterThan(0)
  return undefined
}

/** Organizations of its own. */
function renamed(mode: Mode, { name }: Mutant): Mode {
  return { ...mode, name: `${name} ${mode.name}` as Mode['name'] }
}

function differs(table: PayloadTable, schedule: Schedule): boolean {
  return schedule.members.some((member) => {
    const { membership, index } = schedule.upstream.current(member)
    return table.rows.get(member.userId) !== (membership === null ? undefined : index)
  })
}

/** Shows somebody as a member who was removed, and whose removal it has been told. */
function showsRemoved(table: PayloadTable, schedule: Schedule): boolean {
  return schedule.members.some(
    (member) =>
      table.rows.has(member.userId) &&
      schedule.upstream.current(member).membership === null &&
      schedule.upstream.events.every(({ userId }) => userId !== member.userId),
  )
}
