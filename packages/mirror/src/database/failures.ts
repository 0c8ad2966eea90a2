import { DatabaseError, MirrorError, SchemaError } from '../errors.js'
import type { Database, Queryable } from './database.js'

/**
 * The same database, whose errors say what is wrong and what to do. What the driver threw is not passed on as it is:
 * query builders write statements with their values into it, which may be private metadata.
 */
export function withReadableErrors(database: Database, schema: string): Database {
  const readable = (session: Queryable): Queryable => ({
    query: (text, values) =>
      session.query(text, values).catch((error: unknown) => {
        throw toMirrorError(error, schema)
      }),
  })
  return {
    ...readable(database),
    async transaction(run) {
      // Errors of the caller's own leave as they came.
      let thrown: { readonly error: unknown } | undefined
      try {
        return await database.transaction(async (session) => {
          try {
            return await run(readable(session))
          } catch (error) {
            thrown = { error }
            throw error
          }
        })
      } catch (error) {
        throw thrown === undefined ? toMirrorError(error, schema) : thrown.error
      }
    },
    ...(database.listen && {
      listen: (channel, onMessage, onEnd) =>
        database.listen!(
          channel,
          onMessage,
          onEnd && ((error) => onEnd(toMirrorError(error, schema))),
        ).catch((error: unknown) => {
          throw toMirrorError(error, schema)
        }),
    }),
  }
}

/** What a driver or query builder threw, as an error of the mirror's family. */
export function toMirrorError(error: unknown, schema: string): MirrorError {
  if (error instanceof MirrorError) return error
  const { code, message } = innermost(error)
  const cause = Object.assign(new Error(message), code !== undefined && { code })
  if (code === '42P01' || code === '3F000' || code === '42703') {
    return new SchemaError(
      'missing',
      `The schema "${schema}" lacks a table or column of the mirror (${code}). ` +
        'Call migrate(), or run the output of migrationSQL(), before the app starts.',
      { cause },
    )
  }
  const what = explanations.find(({ codes }) => codes.test(code ?? ''))?.text ?? unexplained(code)
  return new DatabaseError(`${what}${code === undefined ? '' : ` (${code})`}.`, code, { cause })
}

/** By SQLSTATE, or by the code of the operating system. */
const explanations: readonly { readonly codes: RegExp; readonly text: string }[] = [
  {
    codes: /^(E[A-Z_]+|08...|57P0[1-5])$/,
    text: 'The database could not be reached, or the connection was lost; what was under way may or may not have happened',
  },
  {
    codes: /^53300$/,
    text: 'The database has no connection left: lower the size of the pools, or raise max_connections',
  },
  { codes: /^53...$/, text: 'The database is out of memory, disk space or another resource' },
  { codes: /^28...$/, text: 'The database refused the role or its password' },
  { codes: /^3D000$/, text: 'The database that the connection names does not exist' },
  {
    codes: /^42501$/,
    text: 'The role lacks a privilege on the tables of the mirror: privilegesSQL() prints what it needs',
  },
  {
    codes: /^25006$/,
    text: 'The connection is read-only: the mirror needs the primary server, not a replica',
  },
  {
    codes: /^(40...|55P03)$/,
    text: 'The database rolled the statement back because another one was in its way; it can be tried again',
  },
  { codes: /^57014$/, text: 'The statement was cancelled, by a time limit or by hand' },
]

function unexplained(code: string | undefined): string {
  return code === undefined
    ? 'The database could not be reached, or its driver failed'
    : 'The database refused a statement'
}

interface Failure {
  readonly code: string | undefined
  readonly message: string
}

/** The error of the server or of the network, which query builders wrap. */
function innermost(error: unknown): Failure {
  const layers: object[] = []
  let layer: unknown = error
  while (typeof layer === 'object' && layer !== null && !layers.includes(layer)) {
    layers.push(layer)
    const { cause, driverError, errors } = layer as {
      cause?: unknown
      driverError?: unknown
      errors?: readonly unknown[]
    }
    // A host with several addresses fails with an error for each.
    layer = cause ?? driverError ?? errors?.[0]
  }
  const failures = layers.map(failureOf)
  return (
    failures.findLast(({ code }) => code !== undefined) ??
    failures.at(-1) ?? { code: undefined, message: 'The driver threw no error object.' }
  )
}

/** What `pg` says in words only. */
const silentCodes = [
  { says: /timeout/i, code: 'ETIMEDOUT' },
  { says: /terminated|not queryable/i, code: 'ECONNRESET' },
]

function failureOf(layer: object): Failure {
  const { code, message } = layer as { code?: unknown; message?: unknown }
  const text = typeof message === 'string' ? message : ''
  // Prisma writes the code into its text.
  const written = /\bCode: `([0-9A-Z]{5})`/.exec(text)?.[1]
  const known = typeof code === 'string' && /^([0-9A-Z]{5}|E[A-Z_]+)$/.test(code) ? code : undefined
  // Knex puts the statement, with its values, before the message of the driver.
  const own = text.split(' - ').at(-1) ?? ''
  return {
    code: written ?? known ?? silentCodes.find(({ says }) => says.test(own))?.code,
    message: own.length > 300 ? `${own.slice(0, 300)}…` : own,
  }
}
