import { InvalidArgumentError, type OrganizationMembership } from '@org-memberships/core'
import type { Row } from '../database/database.js'
import { ChangesPrunedError } from '../errors.js'
import type { MirrorContext } from '../options.js'
import type { Tables } from '../rows/tables.js'
import type { ChangeSource } from '../rows/write.js'

/** A membership in the feed: without its organization, and without private metadata. */
export type ChangedMembership = Omit<OrganizationMembership, 'organization' | 'privateMetadata'>

/** One change of one membership, as the mirror came to know it. */
export interface MembershipChange {
  /** 1, 2, 3 …, in the order in which changes are seen by everybody, without gaps. */
  readonly number: number
  /** When the mirror stored it, ms since the epoch by the database's clock. */
  readonly at: number
  readonly organizationId: string
  readonly userId: string
  readonly kind: 'created' | 'updated' | 'deleted'
  /** Null where there was no membership. */
  readonly before: ChangedMembership | null
  /** Null where there is none any more. */
  readonly after: ChangedMembership | null
  /** A read because of an event, a reconcile, a read because somebody asked, or a write through this mirror. */
  readonly source: ChangeSource
  /** Who was given as the `actor` of a write through the mirror. */
  readonly actor: string | undefined
}

export interface ChangesParams {
  /** The number of the last change that was handled; 0: from the first that is kept. @default what comes from now on */
  after?: number | undefined
  /** Ends the iteration: it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined
}

export const changesOfOnePage = 500
const longestWait = 1000
const longestWaitWithListen = 10_000

/**
 * Changes in their order, those that are there and then those that come, without end. Who keeps the number of the last
 * one and begins after it misses none, and gets none twice.
 *
 * @throws ChangesPrunedError where changes after that number are no longer kept
 */
export function followChanges(
  context: MirrorContext,
  { after, signal }: ChangesParams,
): AsyncIterable<MembershipChange> {
  if (after !== undefined && !(Number.isSafeInteger(after) && after >= 0)) {
    throw new InvalidArgumentError(
      'after',
      `after is the number of a change, or 0: it is ${after}.`,
    )
  }
  return {
    async *[Symbol.asyncIterator]() {
      const { tables } = context
      signal?.throwIfAborted()
      let last = after ?? (await lastChange(tables))
      const news = await openNews(context, signal)
      try {
        for (;;) {
          signal?.throwIfAborted()
          const changes = await readChanges(tables, last, changesOfOnePage)
          for (const change of changes) {
            yield change
            last = change.number
          }
          if (changes.length < changesOfOnePage) await news.wait()
        }
      } finally {
        await news.close()
      }
    },
  }
}

/** @throws ChangesPrunedError */
export async function readChanges(
  { database, quoted, schema }: Tables,
  after: number,
  limit: number,
): Promise<MembershipChange[]> {
  // One statement, so that nothing is pruned between the two answers.
  const { rows } = await database.query(
    `select f.pruned::text as pruned, c.number::text as number, c.at::text as at, c.organization_id, c.user_id, c.kind,
  c.before::text as before, c.after::text as after, c.source, c.actor
from ${quoted}.feed f left join lateral (
  select * from ${quoted}.changes where changes.number > $1::text::bigint order by changes.number limit $2::text::bigint) c on true
order by c.number`,
    [String(after), String(limit)],
  )
  const pruned = Number(rows[0]?.pruned)
  if (after < pruned && after > 0) throw new ChangesPrunedError(schema, after, pruned)
  return rows.filter(({ number }) => (number ?? null) !== null).map(changeOf)
}

async function lastChange({ database, quoted }: Tables): Promise<number> {
  const { rows } = await database.query(`select last::text as last from ${quoted}.feed`, [])
  return Number(rows[0]?.last)
}

function changeOf(row: Row): MembershipChange {
  const parse = (json: string | null | undefined) =>
    (json ?? null) === null ? null : (JSON.parse(json as string) as ChangedMembership)
  return {
    number: Number(row.number),
    at: Number(row.at),
    organizationId: row.organization_id as string,
    userId: row.user_id as string,
    kind: row.kind as MembershipChange['kind'],
    before: parse(row.before),
    after: parse(row.after),
    source: row.source as ChangeSource,
    actor: row.actor ?? undefined,
  }
}

interface News {
  /** Ends with the next NOTIFY, after a while without one, or when the signal aborts. */
  wait(): Promise<void>
  close(): Promise<void>
}

async function openNews(
  { tables, onError }: MirrorContext,
  signal: AbortSignal | undefined,
): Promise<News> {
  let wake: (() => void) | undefined
  // What came between two waits.
  let came = false
  const notify = () => {
    came = true
    wake?.()
  }
  let stop: (() => Promise<void>) | undefined
  const listen = async () => {
    try {
      stop = await tables.database.listen?.(tables.schema, notify, () => {
        stop = undefined
        notify()
      })
    } catch (error) {
      // It polls then, and tries again at each wait.
      onError(error)
    }
  }
  await listen()
  return {
    async wait() {
      if (stop === undefined && tables.database.listen !== undefined) await listen()
      if (!came && signal?.aborted !== true) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(
            resolve,
            stop === undefined ? longestWait : longestWaitWithListen,
          )
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          signal?.addEventListener('abort', wake, { once: true })
        })
        if (wake !== undefined) signal?.removeEventListener('abort', wake)
        wake = undefined
      }
      came = false
    },
    async close() {
      await stop?.()
    },
  }
}
