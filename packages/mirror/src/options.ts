import { InvalidArgumentError, type OrganizationMembershipsClient } from '@org-memberships/core'
import type { Database } from './database/database.js'
import { withReadableErrors } from './database/failures.js'
import { databaseClock, type Tables } from './rows/tables.js'
import { defaultSchema, quoteSchema } from './schema/name.js'
import { visibleClient } from './visible-client.js'

/** What the mirror calls of the client: one that observes or limits calls will do too. */
export type MirroredClient = Pick<
  OrganizationMembershipsClient,
  | 'create'
  | 'list'
  | 'get'
  | 'listAll'
  | 'count'
  | 'update'
  | 'updateMetadata'
  | 'delete'
  | 'listForUser'
  | 'listAllForUser'
  | 'listForInstance'
>

/** What a mirror is made of. Times are milliseconds. */
export interface MirrorOptions {
  /** Reads from the API, and sends the writes. With a secret key: a session token sees only some organizations. */
  client: MirroredClient
  database: Database
  /** The schema of the tables; each Clerk instance needs its own. @default 'organization_memberships' */
  schema?: string | undefined
  /** The Clerk instance, `ins_…`. Without it, the first event that names one decides. */
  instanceId?: string | undefined
  /**
   * How long after a change the API may still answer with the state before it. A row is stale until a read that began
   * this long after its last hint.
   *
   * @default 1_000
   */
  settle?: number | undefined
  /**
   * How long `get` believes a row that was read, or an organization that was checked. A removal whose webhook never came
   * is found within this time.
   *
   * @default 60_000
   */
  trustFor?: number | undefined
  /**
   * How often a worker compares the whole instance with the API. A change of role whose webhook never came is found within
   * this time.
   *
   * @default 600_000
   */
  reconcileEvery?: number | undefined
  /**
   * How long a write whose answer was lost may still be carried out. No less than the client's `totalTimeout`.
   *
   * @default 90_000
   */
  hold?: number | undefined
  /** The shortest time between two refreshes of one organization: bursts of events become few requests. @default 250 */
  refreshWindow?: number | undefined
  /** How long the change feed is kept. @default 30 days */
  keepChangesFor?: number | undefined
  /** What lists do that the rows cannot answer: ask the API, or reject with a `NotMirroredError`. @default 'api' */
  otherwise?: 'api' | 'refuse' | undefined
  /**
   * Stores and answers private metadata of memberships and organizations. Without it no answer has any, from the rows or
   * from the API; writes may still set it.
   *
   * @default false
   */
  privateMetadata?: boolean | undefined
  /** Called with what fails in the background, where nobody waits for it. What it throws is ignored. @default console.error */
  onError?: ((error: unknown) => void) | undefined
}

/** A mirror's options, checked, and its tables. */
export interface MirrorContext {
  readonly client: MirroredClient
  readonly tables: Tables
  readonly instanceId: string | undefined
  readonly settle: number
  readonly trustFor: number
  readonly reconcileEvery: number
  readonly hold: number
  readonly refreshWindow: number
  readonly keepChangesFor: number
  readonly otherwise: 'api' | 'refuse'
  readonly keepPrivateMetadata: boolean
  readonly onError: (error: unknown) => void
}

const day = 86_400_000

/** @throws InvalidArgumentError naming the option that cannot work */
export function resolveMirrorOptions(options: MirrorOptions): MirrorContext {
  const { client, database, schema = defaultSchema, otherwise = 'api' } = options ?? {}
  if (typeof client?.list !== 'function') {
    throw new InvalidArgumentError('client', 'client must be an OrganizationMembershipsClient.')
  }
  if (typeof database?.query !== 'function' || typeof database.transaction !== 'function') {
    throw new InvalidArgumentError(
      'database',
      'database must have query and transaction: fromPool() of @org-memberships/mirror/pg makes one.',
    )
  }
  if (otherwise !== 'api' && otherwise !== 'refuse') {
    throw new InvalidArgumentError(
      'otherwise',
      `otherwise is 'api' or 'refuse', not ${JSON.stringify(otherwise)}.`,
    )
  }
  const quoted = quoteSchema(schema)
  const keepPrivateMetadata = options.privateMetadata ?? false
  return {
    client: keepPrivateMetadata ? client : visibleClient(client),
    tables: { database: withReadableErrors(database, schema), schema, quoted, now: databaseClock },
    instanceId: options.instanceId,
    settle: milliseconds('settle', options.settle, 1000),
    trustFor: milliseconds('trustFor', options.trustFor, 60_000),
    reconcileEvery: milliseconds('reconcileEvery', options.reconcileEvery, 600_000),
    hold: milliseconds('hold', options.hold, 90_000),
    refreshWindow: milliseconds('refreshWindow', options.refreshWindow, 250),
    keepChangesFor: milliseconds('keepChangesFor', options.keepChangesFor, 30 * day),
    otherwise,
    keepPrivateMetadata,
    onError: quietly(options.onError ?? ((error) => console.error(error))),
  }
}

function milliseconds(name: string, value: number | undefined, fallback: number): number {
  const chosen = value ?? fallback
  if (Number.isSafeInteger(chosen) && chosen >= 0) return chosen
  throw new InvalidArgumentError(
    name,
    `${name} must be a whole number of milliseconds, 0 or more: it is ${chosen}.`,
  )
}

function quietly(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error)
    } catch {
      // A broken error handler must not stop the worker.
    }
  }
}
