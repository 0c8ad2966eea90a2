import { claimStaleMembers } from '../../src/rows/claim.js'
import { invalidateMembers } from '../../src/rows/invalidate.js'
import { invalidateMissing } from '../../src/rows/missing.js'
import { beginWrite, endWrite } from '../../src/rows/pending-writes.js'
import { type Tables, takeMoment } from '../../src/rows/tables.js'
import type { Mode } from './upstream.js'
import { writeResponse, writeReadings } from '../../src/rows/write.js'

/** The statements that a schedule runs. */
export const theRule = {
  invalidateMembers,
  claimStaleMembers,
  writeReadings,
  writeResponse,
  beginWrite,
  endWrite,
  invalidateMissing,
}
export type Rule = typeof theRule

/** A rule with one thing wrong, which some schedule must notice. */
export interface Mutant {
  readonly name: string
  /** The first schedule that notices it; later ones are tried too, should schedules change. */
  readonly noticedBy: { readonly mode: Mode['name']; readonly seed: number }
  /** What is replaced in the text of a statement, and by what. */
  readonly text?: readonly [from: string, to: string]
  readonly rule?: Partial<Rule>
}

export const mutants: readonly Mutant[] = [
  {
    name: 'a read makes fresh though a hint came after it began',
    noticedBy: { mode: 'jittering', seed: 10013 },
    text: ['t.stale_version <= $2::text::bigint and', ''],
  },
  {
    name: 'a read makes fresh before the hint has settled',
    noticedBy: { mode: 'lagging', seed: 10002 },
    text: ['and t.stale_until <= $3::text::bigint', ''],
  },
  {
    name: 'a read stores its content over that of a later one',
    noticedBy: { mode: 'normal', seed: 10000 },
    text: [
      't.version < $2::text::bigint and t.response_until <= $3::text::bigint as stored',
      'true as stored',
    ],
  },
  {
    name: 'a later hint is lost where the row is stale already',
    noticedBy: { mode: 'normal', seed: 10010 },
    text: [
      'stale_version = greatest(m.stale_version, excluded.stale_version)',
      'stale_version = coalesce(m.stale_version, excluded.stale_version)',
    ],
  },
  {
    name: 'a read makes fresh while a write of ours may still act',
    noticedBy: { mode: 'normal', seed: 10001 },
    text: [
      'and not exists (select from jsonb_each_text(t.pending_writes)',
      'and exists (select union select from jsonb_each_text(t.pending_writes)',
    ],
  },
  {
    name: 'the answer to a write of ours always makes fresh',
    noticedBy: { mode: 'lagging', seed: 10000 },
    text: [
      `t.stale_version = $8::text::bigint and t.version < $8::text::bigint and t.pending_writes - $8::text = '{}' and $9::text::bigint = 0`,
      '$8::text is not null and $9::text is not null',
    ],
  },
  {
    name: 'the answer to a write of ours is believed though a hint came before it',
    noticedBy: { mode: 'lagging', seed: 10000 },
    text: ['t.stale_version = $8::text::bigint and', ''],
  },
  {
    name: 'the answer to a write of ours is stored whatever was read meanwhile, and makes fresh',
    noticedBy: { mode: 'lagging', seed: 10001 },
    text: ['t.version < $8::text::bigint', '$8::text is not null'],
  },
  {
    name: 'the answer to a write of ours counts from before it was sent',
    noticedBy: { mode: 'normal', seed: 10031 },
    rule: {
      writeResponse: (tables, reading, answer) =>
        writeResponse(tables, reading, {
          ...answer,
          moment: { ...answer.moment, version: answer.pendingWrite },
        }),
    },
  },
  {
    name: 'a read counts from its end',
    noticedBy: { mode: 'jittering', seed: 10013 },
    rule: {
      writeReadings: async (tables, readings, options) =>
        writeReadings(tables, readings, { ...options, moment: await takeMoment(tables) }),
    },
  },
  {
    name: 'whom a list leaves out is removed at once',
    noticedBy: { mode: 'jittering', seed: 10006 },
    text: [`set stale_version = nextval(`, `set membership = null, version = nextval(`],
  },
  {
    name: 'a replica that is behind undoes a write of ours',
    noticedBy: { mode: 'lagging', seed: 10000 },
    text: ['and t.response_until <= $3::text::bigint', ''],
  },
  {
    name: 'the feed leaves out who was removed',
    noticedBy: { mode: 'lagging', seed: 10000 },
    text: ['from changed c where', 'from changed c where c.after is not null and'],
  },
]

/** The same tables, with the mutant's text in their statements. */
export function mutated(
  tables: Tables,
  text: Mutant['text'],
): Tables & { readonly hits: () => number } {
  let hits = 0
  if (text === undefined) return { ...tables, hits: () => 1 }
  const query: Tables['database']['query'] = (statement, values) => {
    const changed = statement.replaceAll(...text)
    if (changed !== statement) hits += 1
    return tables.database.query(changed, values)
  }
  return { ...tables, database: { ...tables.database, query }, hits: () => hits }
}
