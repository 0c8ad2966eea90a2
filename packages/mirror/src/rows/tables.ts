import type { Database, Row } from '../database/database.js'

/** Where the rows are, and by which clock. */
export interface Tables {
  readonly database: Database
  /** The name of the schema, which is also that of its channel for LISTEN. */
  readonly schema: string
  /** The same, quoted. */
  readonly quoted: string
  /** The time in SQL, ms since the epoch: the database's own clock, except in tests. */
  readonly now: string
}

export const databaseClock = `(date_part('epoch', clock_timestamp()) * 1000)::bigint`

/** A number of our order of things, and the database's time when it was taken. */
export interface Moment {
  readonly version: string
  /** ms since the epoch */
  readonly at: number
}

/** To be called before a read begins: what the read brings is as new as this at least. */
export async function takeMoment({ database, quoted, now }: Tables): Promise<Moment> {
  const { rows } = await database.query(
    `select nextval('${quoted}.versions')::text as version, (${now})::text as at`,
    [],
  )
  return momentOf(rows[0]!)
}

export function momentOf(row: Row): Moment {
  return { version: row.version as string, at: Number(row.at) }
}

/** Who is meant: a user in an organization. */
export interface MemberId {
  readonly organizationId: string
  readonly userId: string
}

/**
 * JSON for a `jsonb` column. PostgreSQL takes neither NUL nor half a surrogate pair there, so each becomes U+FFFD; in a
 * key too.
 */
export function toStoredJSON(value: unknown): string {
  const json = JSON.stringify(value)
  // An escaped backslash before `u` also matches: then the walk changes nothing.
  return /\\u(?:0000|d[89a-f])/i.test(json) ? JSON.stringify(storable(JSON.parse(json))) : json
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, entry]) => [storableText(key), storable(entry)])
  return Object.fromEntries(entries)
}

export function storableText(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD')
}
