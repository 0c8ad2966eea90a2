import type { Database, Queryable, Row } from './database.js'

/** As much of a `pg.Pool` as is used here; pools with the same methods, such as Neon's, do too. */
export interface PgPool {
  connect(): Promise<PgPoolClient>
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface PgPoolClient {
  query(query: PgQuery): Promise<{ rows: unknown[] }>
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** A `pg.Client` that is not connected yet. */
export interface PgClient {
  connect(): Promise<unknown>
  query(query: PgQuery): Promise<{ rows: unknown[] }>
  end(): Promise<void>
  on(event: 'notification', listener: (message: PgNotification) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end', listener: () => void): unknown
}

export interface PgNotification {
  channel: string
  payload?: string | undefined
}

export interface PgQuery {
  name?: string
  text: string
  values?: (string | null)[]
  query_timeout?: number
}

export interface PgOptions {
  /**
   * How long to wait for a connection, and for each statement, ms.
   *
   * @default 30_000
   */
  timeout?: number | undefined
  /**
   * Makes the client that listens for changes, which has a session of its own. Behind a pooler that shares sessions
   * (PgBouncer in transaction mode), give one that connects to the server directly, or `false`: then the mirror polls.
   *
   * @default a client with the settings of the pool, beyond its `max`
   */
  listener?: (() => PgClient) | false | undefined
  /**
   * Prepares each statement once on each connection. Switched off by itself where a pooler does not keep them.
   *
   * @default true
   */
  prepare?: boolean | undefined
}

/**
 * A mirror's database, over a pool of `pg`. The pool stays yours: the mirror never ends it.
 *
 * @example
 * ```ts
 * const database = fromPool(new pg.Pool({ connectionString: process.env.DATABASE_URL }))
 * ```
 */
export function fromPool(pool: PgPool, options: PgOptions = {}): Database {
  const { timeout = 30_000, prepare = true } = options
  // Without a listener the loss of an idle connection would end the process; the pool replaces it by itself.
  pool.on('error', () => {})
  const statements = new PreparedStatements(prepare)
  const makeListener = options.listener ?? listenerOf(pool, timeout)

  const database: Database = {
    async query(text, values) {
      const run = (name: string | undefined) =>
        withClient(pool, timeout, (client) => queryOn(client, timeout, text, values, name))
      const name = statements.nameOf(text)
      try {
        return await run(name)
      } catch (error) {
        // Said before anything of the statement was run, so it can be sent again.
        if (name === undefined || !isPreparedStatementLost(error)) throw error
        statements.switchOff()
        return run(undefined)
      }
    },
    transaction: (run) =>
      withClient(pool, timeout, async (client) => {
        const transaction: Queryable = {
          query: (text, values) => queryOn(client, timeout, text, values),
        }
        await transaction.query('begin', [])
        try {
          const result = await run(transaction)
          await transaction.query('commit', [])
          return result
        } catch (error) {
          await transaction.query('rollback', []).catch((cause: unknown) => {
            throw new BrokenConnection(error, cause)
          })
          throw error
        }
      }),
  }
  if (makeListener !== false) {
    database.listen = (channel, onMessage, onEnd) =>
      listen(makeListener(), timeout, { channel, onMessage, onEnd })
  }
  return database
}

/** The statement failed with `reason`, and the connection is not to be used again. */
class BrokenConnection extends Error {
  readonly reason: unknown

  constructor(reason: unknown, cause: unknown) {
    super('The connection broke.', { cause })
    this.reason = reason
  }
}

async function queryOn(
  client: PgPoolClient,
  timeout: number,
  text: string,
  values: readonly (string | null)[],
  name?: string,
): Promise<{ rows: Row[] }> {
  const { rows } = await client.query({
    ...(name !== undefined && { name }),
    text,
    values: [...values],
    query_timeout: timeout,
  })
  return { rows: rows as Row[] }
}

async function withClient<Result>(
  pool: PgPool,
  timeout: number,
  run: (client: PgPoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool, timeout)
  let isBroken = false
  // A connection that is lost between two statements says so by an event, which must not go unheard.
  const onError = () => {
    isBroken = true
  }
  client.on('error', onError)
  try {
    return await run(client)
  } catch (error) {
    // An error with an SQLSTATE is the server's answer on a sound connection; of a timeout the answer may still come.
    isBroken ||= error instanceof BrokenConnection || !hasSQLState(error)
    throw error instanceof BrokenConnection ? error.reason : error
  } finally {
    client.off('error', onError)
    client.release(isBroken)
  }
}

async function connect(pool: PgPool, timeout: number): Promise<PgPoolClient> {
  const connecting = pool.connect()
  return within(timeout, connecting, () => {
    // It comes too late for this statement; the pool gets it back.
    connecting.then(
      (client) => client.release(),
      () => {},
    )
  })
}

/** Rejects when a promise takes longer than `timeout` ms. */
async function within<Result>(
  timeout: number,
  promise: Promise<Result>,
  onTimeout: () => void,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onTimeout()
      reject(Object.assign(new Error(`No connection within ${timeout} ms.`), { code: 'ETIMEDOUT' }))
    }, timeout)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Names for statements. They are of this process alone: behind a pooler another one may share the session. */
class PreparedStatements {
  readonly #prefix = `memberships_${crypto.randomUUID().slice(0, 8)}_`
  readonly #names = new Map<string, string>()
  #isOn: boolean

  constructor(isOn: boolean) {
    this.#isOn = isOn
  }

  nameOf(text: string): string | undefined {
    if (!this.#isOn) return undefined
    const known = this.#names.get(text)
    if (known !== undefined) return known
    // Each costs the server memory on each connection.
    if (this.#names.size >= 200) return undefined
    const name = `${this.#prefix}${this.#names.size}`
    this.#names.set(text, name)
    return name
  }

  switchOff(): void {
    this.#isOn = false
  }
}

/** 26000: it does not exist, 42P05: it exists already, 0A000: the tables have changed since. */
function isPreparedStatementLost(error: unknown): boolean {
  return ['26000', '42P05', '0A000'].includes(codeOf(error) ?? '')
}

function hasSQLState(error: unknown): boolean {
  // Class 08 and 57P are the ends of connections.
  return /^(?!08|57P)[0-9A-Z]{5}$/.test(codeOf(error) ?? '')
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : undefined
}

interface PoolInsides {
  readonly Client?: new (config: object) => PgClient
  readonly options?: { readonly password?: unknown; readonly ssl?: unknown }
}

function listenerOf(pool: PgPool, timeout: number): (() => PgClient) | false {
  const { Client, options } = pool as PoolInsides
  if (Client === undefined || options === undefined) return false
  // The password is not enumerable in the options of a pool.
  const { password } = options
  const config = { ...options, ...(password !== undefined && { password }) }
  return () => new Client({ ...config, connectionTimeoutMillis: timeout, keepAlive: true })
}

interface Subscription {
  readonly channel: string
  readonly onMessage: (payload: string) => void
  readonly onEnd: ((error: unknown) => void) | undefined
}

/** How often a quiet session is asked whether it is still there: a network may drop it without a word. */
const heartbeat = 30_000

async function listen(
  client: PgClient,
  timeout: number,
  { channel, onMessage, onEnd }: Subscription,
): Promise<() => Promise<void>> {
  let isOpen = false
  let beat: ReturnType<typeof setInterval> | undefined
  const close = () => {
    isOpen = false
    clearInterval(beat)
    return client.end().catch(() => {})
  }
  const lose = (error: unknown) => {
    if (!isOpen) return
    void close()
    onEnd?.(error)
  }
  client.on('error', lose)
  client.on('end', () => lose(new Error('The connection that listened has ended.')))
  client.on('notification', (message) => {
    if (isOpen && message.channel === channel) onMessage(message.payload ?? '')
  })
  try {
    await within(timeout, client.connect(), () => {})
    isOpen = true
    await client.query({
      text: `listen "${channel.replaceAll('"', '""')}"`,
      query_timeout: timeout,
    })
  } catch (error) {
    void close()
    throw error
  }
  beat = setInterval(() => {
    client.query({ text: 'select 1', query_timeout: timeout }).catch(lose)
  }, heartbeat)
  // The worker keeps the process alive while it runs, not this.
  ;(beat as { unref?: () => void }).unref?.()
  return close
}
