import type { Database, Queryable, Row } from './database.js'

/** As much of a `PGlite` as is used here. */
export interface PGliteInstance extends PGliteQueryable {
  transaction<Result>(run: (transaction: PGliteQueryable) => Promise<Result>): Promise<Result>
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>
}

export interface PGliteQueryable {
  query(text: string, values?: (string | null)[]): Promise<{ rows: unknown[] }>
}

/**
 * A mirror's database in PGlite: for tests, and for an app of one process. It has one session, so statements and
 * transactions wait for each other.
 */
export function fromPGlite(pglite: PGliteInstance): Database {
  return {
    ...queryable(pglite),
    transaction: (run) => pglite.transaction((transaction) => run(queryable(transaction))),
    listen: (channel, onMessage) => pglite.listen(`"${channel.replaceAll('"', '""')}"`, onMessage),
  }
}

function queryable(session: PGliteQueryable): Queryable {
  return {
    async query(text, values) {
      const { rows } = await session.query(text, [...values])
      return { rows: rows as Row[] }
    },
  }
}
