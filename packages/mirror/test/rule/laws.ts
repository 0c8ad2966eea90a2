import { PGlite } from '@electric-sql/pglite'
import { fromPGlite } from '../../src/database/pglite.js'
import type { Tables } from '../../src/rows/tables.js'
import { migrate } from '../../src/schema/migrate.js'
import { type Mutant, mutated, theRule } from './mutants.js'
import { guardedUpsert, naiveUpsert, type PayloadTable } from './naive.js'
import { preparing } from './prepared.js'
import { Schedule } from './schedule.js'
import type { Mode } from './upstream.js'

// The laws of the mirror, over random schedules:
//  1. A row is fresh only if a read began after every committed hint, and `settle` after it.
//  2. Content never goes back to a lower version.
//  3. The answer to a write of ours makes fresh only if no other hint and no other read came between.
//  4. Who was removed, and whose hint has committed, is never given as a trusted member (follows from 1).
//  5. Quiet, every hint answered, and one reconcile: the table is what the API says.
//  6. The feed, folded, is the table.
//  7. The response to a write of ours, once stored, is not undone by a replica that is behind.

/** How often a table of payloads was wrong when all was quiet, and how often it showed somebody who was removed. */
export interface Counts {
  wrong: number
  resurrected: number
}

export interface Outcome {
  /** Laws that did not hold, with the seeds of their schedules. */
  readonly violations: string[]
  readonly naive: Counts
  readonly guarded: Counts
}

/** One database for thousands of schedules. Its clock goes on from one to the next. */
export class Laws {
  #clock = 1_700_000_000_000

  private constructor(
    readonly pglite: PGlite,
    readonly tables: Tables,
  ) {}

  static async open(): Promise<Laws> {
    const pglite = await PGlite.create()
    const database = fromPGlite(pglite)
    await migrate(database, { schema: 'laws' })
    return new Laws(pglite, {
      database: preparing(database, (sql) => pglite.exec(sql)),
      schema: 'laws',
      quoted: '"laws"',
      now: `current_setting('mirror.now')::bigint`,
    })
  }

  close(): Promise<void> {
    return this.pglite.close()
  }

  /** Runs schedules, and the two usual ways to handle payloads beside them. */
  async run(mode: Mode, firstSeed: number, count: number): Promise<Outcome> {
    const outcome: Outcome = {
      violations: [],
      naive: { wrong: 0, resurrected: 0 },
      guarded: { wrong: 0, resurrected: 0 },
    }
    for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
      const comparisons = [
        { table: naiveUpsert(), counts: outcome.naive, resurrected: false },
        { table: guardedUpsert(), counts: outcome.guarded, resurrected: false },
      ]
      const schedule = new Schedule(this.tables, theRule, mode, seed, this.#clock, (event) => {
        for (const comparison of comparisons) {
          comparison.table.receive(event)
          comparison.resurrected ||= showsRemoved(comparison.table, schedule)
        }
      })
      await this.#finish(schedule)
      outcome.violations.push(
        ...schedule.violations.map((what) => `${mode.name}, seed ${seed}: ${what}`),
      )
      for (const { table, counts, resurrected } of comparisons) {
        if (differs(table, schedule)) counts.wrong += 1
        if (resurrected) counts.resurrected += 1
      }
    }
    return outcome
  }

  /** The first violation under a mutant of the rule. */
  async notice(mutant: Mutant, mode: Mode): Promise<string | undefined> {
    const tables = mutated(this.tables, mutant.text)
    const { seed: first } = mutant.noticedBy
    // Organizations of its own.
    const own = { ...mode, name: `${mutant.name} ${mode.name}` as Mode['name'] }
    for (let seed = first; seed < first + 100; seed += 1) {
      const schedule = new Schedule(tables, { ...theRule, ...mutant.rule }, own, seed, this.#clock)
      await this.#finish(schedule)
      if (schedule.violations.length > 0) return `seed ${seed}: ${schedule.violations[0]}`
    }
    if (tables.hits() === 0)
      throw new Error(`No statement has the text that "${mutant.name}" replaces.`)
    return undefined
  }

  async #finish(schedule: Schedule): Promise<void> {
    await schedule.run()
    this.#clock = schedule.upstream.now + 100_000
  }
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
