import type { ServerResponse } from 'node:http'

/** Fastify's reply, as far as it is used here. */
interface FastifyReply {
  readonly raw: ServerResponse
  readonly sent: boolean
  code(status: number): this
  header(name: string, value: string): this
  send(body: Buffer): this
}

/** Express's response, as far as it is used here. */
interface ExpressResponse extends ServerResponse {
  send(body: Buffer): this
}

/** The response object of either adapter. */
export type AdapterResponse = ServerResponse | { readonly raw: ServerResponse }

export interface JSONResponse {
  readonly status: number
  readonly body: unknown
  readonly headers?: { readonly [name: string]: string }
}

/**
 * Sends ready bytes through the adapter, so that the app's hooks and middleware (compression, say) see them as any
 * other body, while interceptors, serializers and filters have nothing to reshape.
 *
 * @returns false where the response was under way already
 */
export function sendJSON(
  response: AdapterResponse,
  { status, body, headers = {} }: JSONResponse,
): boolean {
  const bytes = Buffer.from(JSON.stringify(body))
  // Exactly this: Clerk's own clients compare the type with it, and JSON is always UTF-8.
  const all = { ...headers, 'Content-Type': 'application/json' }
  if (isFastifyReply(response)) {
    if (response.sent || response.raw.headersSent) return false
    for (const [name, value] of Object.entries(all)) response.header(name, value)
    response.code(status).send(bytes)
    return true
  }
  const express = response as ExpressResponse
  if (express.headersSent || express.writableEnded) return false
  for (const [name, value] of Object.entries(all)) express.setHeader(name, value)
  express.statusCode = status
  express.send(bytes)
  return true
}

/** Node's own response behind the one of the adapter. */
export function rawResponse(response: AdapterResponse): ServerResponse {
  return isFastifyReply(response) ? response.raw : (response as ServerResponse)
}

function isFastifyReply(response: AdapterResponse): response is FastifyReply {
  return 'raw' in response
}
