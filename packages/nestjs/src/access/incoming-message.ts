import { Readable } from 'node:stream'
import type { MembershipRequest } from './membership-access.js'

/**
 * True for a request that a server took from the network: Node's own (HTTP/1.1 and HTTP/2), which Express passes on,
 * or Fastify's, which holds it as `raw`. Both extend `Readable`, as the requests of Fastify's `inject` do. What was
 * parsed from a message, or copied from a request, never does.
 */
export function isIncomingMessage(value: unknown): value is MembershipRequest {
  if (typeof value !== 'object' || value === null) return false
  if (isMessage(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return false
  return isMessage(Reflect.get(value, 'raw'))
}

/** True for the request that opened a WebSocket: it was made once, and says nothing about the messages after it. */
export function opensWebSocket(request: MembershipRequest): boolean {
  const { upgrade } = request.headers
  return request.method === 'CONNECT' || /\bwebsocket\b/i.test(String(upgrade ?? ''))
}

function isMessage(value: unknown): boolean {
  return (
    value instanceof Readable &&
    typeof Reflect.get(value, 'method') === 'string' &&
    typeof Reflect.get(value, 'headers') === 'object'
  )
}
