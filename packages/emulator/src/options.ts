import type { InstanceRules } from './api/rules.js'
import type { WebhookOptions } from './events/webhook-options.js'
import type { Latency } from './faults/latency.js'
import type { RateLimit } from './server/rate-limit.js'
import type { RequestLogEntry } from './server/request-log.js'
import type { Seed } from './seed/seed.js'

/** Answers a request that the emulator does not serve; `undefined` leaves it to a 404. */
export type Fallback = (request: Request) => Response | undefined | Promise<Response | undefined>

/** `undefined` counts as not given. */
type Optional<T> = { [Key in keyof T]?: T[Key] | undefined }

export interface EmulatorOptions extends Optional<InstanceRules> {
  /** 0 takes a free one; `false` takes none, for use by `emulator.fetch` alone. @default 0 */
  port?: number | false | undefined
  /** @default '127.0.0.1', this machine only */
  host?: string | undefined
  /** What the instance holds at the start: an object, or the path of a JSON or YAML file. @default nothing */
  seed?: Seed | string | URL | undefined
  /** The key that requests must carry. @default a new one, `sk_test_…` */
  secretKey?: string | undefined
  /**
   * Names, besides those of this machine, under which the server may be reached (a `Host` header without its port).
   * Others are answered 403. Matters where the key is well known; a page of any site could use it otherwise.
   *
   * @default any name
   */
  allowedHosts?: readonly string[] | undefined
  /** ms for each request. @default 0 */
  latency?: Latency | undefined
  /**
   * ms by which the three list routes are behind: they answer the state of that long ago, by the emulator's clock, as
   * read replicas do. Everything else sees each change at once.
   *
   * @default 0
   */
  lag?: number | undefined
  /** @default false */
  rateLimit?: RateLimit | undefined
  /** Where to send an event of each change. @default nowhere */
  webhooks?: WebhookOptions | undefined
  /**
   * Keeps the state over restarts, even of a killed process. A file that is there already wins over `seed`.
   *
   * @default in memory only
   */
  dataFile?: string | undefined
  /** Asked for every path that the emulator does not serve, before any check of a key. @default a 404 */
  fallback?: Fallback | undefined
  /** How many requests `emulator.requests` keeps, with their bodies; 16 MB in all at most. @default 10_000 */
  keptRequests?: number | undefined
  /** Told of each request when its answer goes out, or is lost. */
  onRequest?: ((request: RequestLogEntry) => void) | undefined
  /** Bytes of a request body; what is longer is answered 413. @default 1_048_576 */
  maximumBodyBytes?: number | undefined
  /** ms that a client has to send a whole request; what takes longer is answered 408. @default 30_000 */
  requestTimeout?: number | undefined
}

/** @throws RangeError naming the option that is wrong */
export function assertNumbers(options: EmulatorOptions): void {
  const { port, keptRequests, maximumBodyBytes, requestTimeout } = options
  const numbers = {
    port: port === false ? 0 : port,
    keptRequests,
    maximumBodyBytes,
    requestTimeout,
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue
    throw new RangeError(`${name} takes a whole number that is not negative; received ${value}.`)
  }
}
