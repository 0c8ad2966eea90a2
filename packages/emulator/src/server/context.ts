import { Buffer } from 'node:buffer'
import type { IncomingRequest } from './message.js'
import { type Match, matchRoute } from './router.js'

/** A request and what is read from it, made once and passed down: to the log, the faults, the limits and the handler. */
export interface RequestContext {
  readonly request: IncomingRequest
  /** Without the query. */
  readonly path: string
  readonly search: URLSearchParams
  readonly match: Match
}

export function createContext(request: IncomingRequest): RequestContext {
  const { method, target } = request
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  return {
    request,
    path,
    search: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    match: matchRoute(method, path),
  }
}

/** The body for people to look at: parsed where it is JSON, otherwise the text. */
export function readableBody({ body }: Pick<IncomingRequest, 'body'>): unknown {
  if (body === 'too large') return body
  if (body.byteLength === 0) return undefined
  const text = Buffer.from(body).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
