import type { Database, Queryable } from '../database/database.js'
import { SchemaError } from '../errors.js'
import { migrations } from './migrations.js'
import { defaultSchema, quoteSchema } from './name.js'

export interface SchemaOptions {
  /** The schema that holds the tables. @default 'organization_memberships' */
  schema?: string | undefined
}

/** The version of the tables that this code works with. */
export const codeVersion = migrations.at(-1)!.version

/**
 * Creates the schema and its tables, or brings them up to date. May be called by every process of a fleet at once, at
 * each start: one does the work, the others wait for it and find it done. All or nothing.
 *
 * Needs the privilege CREATE on the database, or a schema that exists and belongs to the role.
 *
 * @returns the version before and after
 */
export async function migrate(
  database: Database,
  { schema = defaultSchema }: SchemaOptions = {},
): Promise<{ from: number; to: number }> {
  const quoted = quoteSchema(schema)
  return database.transaction(async (transaction) => {
    // Held until the end of the transaction. Its number is the schema's, so that two schemas do not wait for each other.
    await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))::text', [
      `organization_memberships:${schema}`,
    ])
    const from = await installedVersion(transaction, schema)
    if (from === undefined) {
      await transaction.query(`create schema if not exists ${quoted}`, [])
      for (const statement of versionTable(quoted)) await transaction.query(statement, [])
    }
    for (const statement of statementsAfter(quoted, from ?? 0)) {
      await transaction.query(statement, [])
    }
    return { from: from ?? 0, to: Math.max(from ?? 0, codeVersion) }
  })
}

/**
 * The same as SQL, for an app that has migrations of its own.
 *
 * @param options.from the version that is installed; 0: nothing
 */
export function migrationSQL({
  schema = defaultSchema,
  from = 0,
}: SchemaOptions & { from?: number | undefined } = {}): string {
  const quoted = quoteSchema(schema)
  const first = from > 0 ? [] : [`create schema if not exists ${quoted}`, ...versionTable(quoted)]
  return [...first, ...statementsAfter(quoted, from)]
    .map((statement) => `${statement};\n`)
    .join('\n')
}

/**
 * What the mirror's role needs at run time, as SQL. A role that only joins needs `usage` on the schema and `select` on
 * the tables it joins.
 */
export function privilegesSQL(
  role: string,
  { schema = defaultSchema }: SchemaOptions = {},
): string {
  const quoted = quoteSchema(schema)
  const grantee = `"${role.replaceAll('"', '""')}"`
  return [
    `grant usage on schema ${quoted} to ${grantee};`,
    `grant select, insert, update, delete on all tables in schema ${quoted} to ${grantee};`,
    `grant usage on all sequences in schema ${quoted} to ${grantee};`,
    '',
  ].join('\n')
}

/**
 * Whether this code works with the tables that are there.
 *
 * @throws SchemaError
 */
export async function checkSchema(
  database: Queryable,
  { schema = defaultSchema }: SchemaOptions = {},
): Promise<void> {
  const installed = await installedVersion(database, schema)
  const remedy = `Call migrate(), or run the output of migrationSQL(), before the app starts.`
  if (installed === undefined) {
    throw new SchemaError('missing', `There is no mirror in the schema "${schema}". ${remedy}`)
  }
  if (installed < codeVersion) {
    throw new SchemaError(
      'older',
      `The schema "${schema}" has version ${installed}, and this code needs ${codeVersion}. ${remedy}`,
    )
  }
  const { rows } = await database.query(
    `select oldest_code::text as oldest from ${quoteSchema(schema)}.schema_version`,
    [],
  )
  const oldest = Number(rows[0]?.oldest)
  if (oldest > codeVersion) {
    throw new SchemaError(
      'newer',
      `The schema "${schema}" has version ${installed}, which needs code of version ${oldest} or newer; this code has ${codeVersion}. Update @org-memberships/mirror.`,
    )
  }
}

async function installedVersion(database: Queryable, schema: string): Promise<number | undefined> {
  const table = `${quoteSchema(schema)}.schema_version`
  // From the catalog itself: to_regclass may answer from what the session remembers, which is from before another process
  // made the tables and let the lock go.
  const { rows: tables } = await database.query(
    `select '1' as found from pg_catalog.pg_tables where schemaname = $1 and tablename = 'schema_version'`,
    [schema],
  )
  if (tables.length === 0) return undefined
  const { rows } = await database.query(`select version::text as version from ${table}`, [])
  return Number(rows[0]?.version ?? 0)
}

function versionTable(quoted: string): string[] {
  return [
    `create table ${quoted}.schema_version (
  one boolean primary key default true check (one),
  version integer not null,
  -- The oldest code that still works with these tables.
  oldest_code integer not null
)`,
    `insert into ${quoted}.schema_version (version, oldest_code) values (0, 0)`,
  ]
}

function statementsAfter(quoted: string, from: number): string[] {
  return migrations
    .filter(({ version }) => version > from)
    .flatMap(({ version, oldestCode, statements }) =>
      statements(quoted).concat(
        `update ${quoted}.schema_version set version = ${version}, oldest_code = ${oldestCode}`,
      ),
    )
}
