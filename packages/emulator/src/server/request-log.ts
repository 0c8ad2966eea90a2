import { type RequestContext, readableBody } from './context.js'
import type { Answer, IncomingRequest } from './message.js'
import type { ServedRouteName } from './router.js'

export interface RequestLogEntry {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly search: URLSearchParams
  /** `null` where the path is none of the emulator's. */
  readonly route: ServedRouteName | null
  /** Names in lower case. Cookies are left out, and of `authorization` all but its scheme. */
  readonly headers: { readonly [name: string]: string | undefined }
  /** Parsed where it is JSON, otherwise the text; `undefined` where there was none. Parsed anew at each look. */
  readonly body: unknown
  /** When it came in by the machine's clock, ms since the epoch. */
  readonly receivedAt: number
  /** `null` while the request runs, and where no answer went out. */
  readonly status: number | null
  /** The first error's code, such as `resource_not_found`; `null` where there was no error. */
  readonly code: string | null
  /** ms from the whole request to the answer; `null` while it runs. */
  readonly duration: number | null
}

export type OpenEntry = { -readonly [Key in keyof RequestLogEntry]: RequestLogEntry[Key] }

/** Bytes of requests that are kept in all, whatever their number. */
const keptBytes = 16 * 1_048_576

/** The last requests: as many as it is to keep, or a tenth more, and no more bytes than fit. */
export class RequestLog {
  readonly #kept: number
  /** Oldest first. The same array throughout. */
  readonly entries: RequestLogEntry[] = []
  /** Of each entry, in the same order. */
  readonly #sizes: number[] = []
  #bytes = 0

  constructor(kept: number) {
    this.#kept = kept
  }

  open({ request, path, search, match }: RequestContext): OpenEntry {
    const entry: OpenEntry = {
      method: request.method,
      path,
      search,
      route: match.kind === 'route' ? match.name : null,
      headers: withoutCredentials(request.headers),
      // Parsed when somebody looks at it: parsed JSON may take twenty times the memory of its text.
      get body() {
        return readableBody(request)
      },
      receivedAt: Date.now(),
      status: null,
      code: null,
      duration: null,
    }
    if (this.#kept > 0) this.#keep(entry, sizeOf(request))
    return entry
  }

  /** @param answer `undefined` where none went out */
  close(entry: OpenEntry, answer: Answer | undefined): void {
    entry.status = answer?.status ?? null
    entry.code = answer?.code ?? null
    entry.duration = Date.now() - entry.receivedAt
  }

  clear(): void {
    this.entries.length = 0
    this.#sizes.length = 0
    this.#bytes = 0
  }

  #keep(entry: RequestLogEntry, size: number): void {
    this.entries.push(entry)
    this.#sizes.push(size)
    this.#bytes += size
    // By the tenth, since each removal moves the rest.
    const tooMany = this.entries.length - this.#kept
    let gone = tooMany > this.#kept / 10 ? tooMany : 0
    let bytes = this.#bytes - sum(this.#sizes, gone)
    while (bytes > keptBytes && gone < this.entries.length) {
      bytes -= this.#sizes[gone] ?? 0
      gone += 1
    }
    if (gone === 0) return
    this.entries.splice(0, gone)
    this.#sizes.splice(0, gone)
    this.#bytes = bytes
  }
}

function sum(sizes: readonly number[], count: number): number {
  let total = 0
  for (let index = 0; index < count; index += 1) total += sizes[index] ?? 0
  return total
}

function sizeOf({ target, headers, body }: IncomingRequest): number {
  let size = target.length + (body === 'too large' ? 0 : body.byteLength)
  for (const [name, value = ''] of Object.entries(headers)) size += name.length + value.length
  return size
}

const credentials = ['authorization', 'proxy-authorization', 'cookie']

/** Only the scheme of an authorization stays, such as `Bearer`. */
function withoutCredentials(headers: IncomingRequest['headers']): RequestLogEntry['headers'] {
  const kept = { ...headers }
  for (const name of credentials) {
    const value = kept[name]
    if (value === undefined) continue
    if (name === 'cookie') delete kept[name]
    else kept[name] = `${value.trim().split(/\s/)[0]?.slice(0, 10)} …`
  }
  return kept
}
