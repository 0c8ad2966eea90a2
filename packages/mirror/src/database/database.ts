/**
 * The database of a mirror: PostgreSQL 14 or newer, through whatever driver or query builder the app has. Adapters for
 * `pg` and PGlite are in `@org-memberships/mirror/pg` and `/pglite`.
 *
 * Statements use `$1`, `$2`, … and every value is text or null. Every column that is read back is text too, so that the
 * type parsers of a driver do not matter. Each `query` outside of `transaction` must commit by itself.
 */
export interface Database extends Queryable {
  /** Runs statements on one connection, between `begin` and `commit`; an error rolls back and is thrown on. */
  transaction<Result>(run: (transaction: Queryable) => Promise<Result>): Promise<Result>
  /**
   * Calls back on each NOTIFY of a channel, on a connection of its own. Where it is missing, or behind a pooler that
   * shares connections, the mirror polls instead.
   *
   * @param onEnd the connection was lost: no message comes any more, and the mirror listens anew
   * @returns ends the listening
   */
  listen?(
    channel: string,
    onMessage: (payload: string) => void,
    onEnd?: (error: unknown) => void,
  ): Promise<() => Promise<void>>
}

export interface Queryable {
  /** @param values one for each `$n` of the text */
  query(text: string, values: readonly (string | null)[]): Promise<{ readonly rows: Row[] }>
}

/** Column names and their values, as text. */
export interface Row {
  readonly [column: string]: string | null
}
