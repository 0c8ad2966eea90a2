import { Buffer } from 'node:buffer'
import type { Answer, Delivery, IncomingRequest } from './message.js'

// The emulator without a port: `fetch` in, `Response` out, with the network's faults as the real `fetch` shows them.

export function createFetch(
  deliver: (request: IncomingRequest) => Promise<Delivery>,
  maximumBodyBytes: number,
  isClosed: () => boolean,
): typeof fetch {
  return async (input, init) => {
    if (isClosed()) throw connectionRefused()
    const request = new Request(input, init)
    const { signal } = request
    signal.throwIfAborted()
    return untilAborted(signal, async () => {
      const delivery = await deliver(await toIncomingRequest(request, maximumBodyBytes))
      if (delivery.kind === 'answer') return toResponse(delivery.answer)
      if (delivery.kind === 'truncate') return toBrokenResponse(delivery.answer)
      if (delivery.kind === 'reset') throw connectionReset()
      return new Promise<never>(() => {})
    })
  }
}

export async function toIncomingRequest(
  request: Request,
  maximumBodyBytes: number,
): Promise<IncomingRequest> {
  const { pathname, search } = new URL(request.url)
  const body = new Uint8Array(await request.arrayBuffer())
  return {
    method: request.method,
    target: `${pathname}${search}`,
    headers: headersOf(request.headers),
    body: body.byteLength > maximumBodyBytes ? 'too large' : body,
  }
}

/** Names in lower case: those of a test's DOM (happy-dom, jsdom) come as they were written. */
function headersOf(given: Headers): { [name: string]: string } {
  const headers: { [name: string]: string } = {}
  for (const [name, value] of given) headers[name.toLowerCase()] = value
  return headers
}

/** The request as a fallback of the app gets it; `undefined` where `fetch` knows no such request. */
export function toRequest(
  { method, target, headers, body }: IncomingRequest,
  origin: string,
): Request | undefined {
  const own = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    // They describe the connection, not the request, and `Request` refuses some of them.
    if (value !== undefined && !connectionHeaders.has(name)) own.set(name, value)
  }
  const hasBody = method !== 'GET' && method !== 'HEAD' && body !== 'too large' && body.length > 0
  try {
    // Joined as text: `//[` is a path here, and to `new URL` with a base it would be a host.
    return new Request(new URL(target.startsWith('/') ? origin + target : target), {
      method,
      headers: own,
      ...(hasBody && { body: Uint8Array.from(body) }),
    })
  } catch {
    return undefined
  }
}

const connectionHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export async function fromResponse(response: Response): Promise<Answer> {
  const headers = headersOf(response.headers)
  for (const name of connectionHeaders) delete headers[name]
  return {
    status: response.status,
    headers,
    body: new Uint8Array(await response.arrayBuffer()),
  }
}

function toResponse({ status, headers, body }: Answer): Response {
  const bytes = Buffer.from(body)
  return new Response(bytes.byteLength === 0 ? null : Uint8Array.from(bytes), { status, headers })
}

function toBrokenResponse({ status, headers, body }: Answer): Response {
  const half = Uint8Array.from(Buffer.from(body).subarray(0, Math.floor(body.length / 2)))
  let isSent = false
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!isSent) controller.enqueue(half)
      // An error at once would drop what was just sent.
      else controller.error(new TypeError('terminated', { cause: connectionReset().cause }))
      isSent = true
    },
  })
  return new Response(stream, { status, headers })
}

function connectionReset(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  return new TypeError('fetch failed', { cause })
}

function connectionRefused(): TypeError {
  const cause = Object.assign(new Error('the emulator is closed'), { code: 'ECONNREFUSED' })
  return new TypeError('fetch failed', { cause })
}

function untilAborted<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    run()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
  })
}
