import { Buffer } from 'node:buffer'
import type { ClerkErrorsJSON } from '@org-memberships/core'
import type { Answer, IncomingRequest } from './server/message.js'
import { matchRoute, type ServedRouteName } from './server/router.js'

export interface RequestLogEntry {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly search: URLSearchParams
  /** `null` where the path is none of the emulator's. */
  readonly route: ServedRouteName | null
  /** Names in lower case. The value of `authorization` is left out but for its scheme. */
  readonly headers: { readonly [name: string]: string | undefined }
  /** Parsed where it is JSON, otherwise the text; `undefined` where there was none. */
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

/** The last requests: as many as it is to keep, or a tenth more. */
export class RequestLog {
  readonly #kept: number
  /** Oldest first. The same array throughout. */
  readonly entries: RequestLogEntry[] = []

  constructor(kept: number) {
    this.#kept = kept
  }

  open(request: IncomingRequest): OpenEntry {
    const [path = '', ...query] = request.target.split('?')
    const match = matchRoute(request.method, path)
    const entry: OpenEntry = {
      method: request.method,
      path,
      search: new URLSearchParams(query.join('?')),
      route: match.kind === 'route' ? match.name : null,
      headers: withoutCredential(request.headers),
      body: readBody(request.body),
      receivedAt: Date.now(),
      status: null,
      code: null,
      duration: null,
    }
    this.entries.push(entry)
    // By the tenth, since each removal moves the rest.
    const tooMany = this.entries.length - this.#kept
    if (tooMany > this.#kept / 10) this.entries.splice(0, tooMany)
    return entry
  }

  /** @param answer `undefined` where none went out */
  close(entry: OpenEntry, answer: Answer | undefined): void {
    entry.status = answer?.status ?? null
    entry.code = answer === undefined ? null : codeOf(answer)
    entry.duration = Date.now() - entry.receivedAt
  }

  clear(): void {
    this.entries.length = 0
  }
}

function codeOf({ status, body }: Answer): string | null {
  if (status < 400 || typeof body !== 'string') return null
  try {
    const { errors } = JSON.parse(body) as Partial<ClerkErrorsJSON>
    return errors?.[0]?.code ?? null
  } catch {
    return null
  }
}

function withoutCredential(headers: IncomingRequest['headers']): RequestLogEntry['headers'] {
  const { authorization } = headers
  if (authorization === undefined) return headers
  return { ...headers, authorization: `${authorization.split(' ')[0]} …` }
}

function readBody(body: IncomingRequest['body']): unknown {
  if (body === 'too large') return body
  if (body.byteLength === 0) return undefined
  const text = Buffer.from(body).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
