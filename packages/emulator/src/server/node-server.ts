import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { failures } from '../api/failures.js'
import type { Answer, Delivery, IncomingRequest } from './message.js'
import { refusal } from './refusal.js'

export interface ListenOptions {
  readonly port: number
  readonly host: string
  readonly maximumBodyBytes: number
  /** ms that a client has to send a request. */
  readonly requestTimeout: number
  readonly deliver: (request: IncomingRequest) => Promise<Delivery>
}

export interface Listener {
  readonly port: number
  /** Takes no more requests, lets the running ones end for up to `grace` ms, and closes every connection. */
  close(grace: number): Promise<void>
}

/** Serves HTTP on a port: reads a request whole, within bounds, and writes what comes back. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { requestTimeout } = options
  const server = createServer({
    // Its refusal would not be in the API's form, and nothing here reads the header.
    requireHostHeader: false,
    requestTimeout,
    headersTimeout: requestTimeout,
    // Node looks for late requests this often.
    connectionsCheckingInterval: Math.max(10, Math.min(1000, requestTimeout / 2)),
  })
  const open = new Set<ServerResponse>()
  let isClosing = false
  server.on('request', (request, response) => {
    open.add(response)
    response.on('close', () => {
      open.delete(response)
      // The connection is idle only after this event.
      if (isClosing) setImmediate(() => server.closeIdleConnections())
    })
    response.on('error', () => response.destroy())
    // Nobody will ever answer a stalled request, so closing need not wait for it.
    const stalled = () => open.delete(response)
    serve(request, response, options, stalled).catch(() => response.destroy())
  })
  server.on('clientError', refuseBrokenRequest)
  await start(server, options)
  return {
    port: (server.address() as AddressInfo).port,
    async close(grace) {
      isClosing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), open.size > 0 ? grace : 0)
      await closed
      clearTimeout(timer)
    },
  }
}

function start(server: Server, { port, host }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is in use. Choose another one, or 0 for a free one.`, {
              cause: error,
            })
          : error,
      )
    })
    server.listen(port, host, resolve)
  })
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { maximumBodyBytes, deliver }: ListenOptions,
  stalled: () => void,
): Promise<void> {
  const body = await readBody(request, maximumBodyBytes)
  if (body === 'cut off') return
  if (body === 'too large') response.setHeader('Connection', 'close')
  const delivery = await deliver({
    method: request.method ?? '',
    target: request.url ?? '',
    headers: headersOf(request),
    body,
    address: request.socket.remoteAddress,
  })
  if (delivery.kind === 'answer') write(response, delivery.answer)
  else if (delivery.kind === 'reset') request.socket.resetAndDestroy()
  else if (delivery.kind === 'truncate') writeHalf(response, delivery.answer)
  else stalled()
}

/** A body that is too long is read on and dropped, up to a bound: a client that still sends does not hear an answer. */
const discardedBytes = 64 * 1_048_576

function readBody(
  request: IncomingMessage,
  maximumBytes: number,
): Promise<Uint8Array | 'too large' | 'cut off'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size <= maximumBytes) chunks.push(chunk)
      else chunks.length = 0
      if (size > maximumBytes + discardedBytes) {
        request.pause()
        resolve('too large')
      }
    })
    request.on('end', () => resolve(size > maximumBytes ? 'too large' : Buffer.concat(chunks)))
    request.on('error', () => resolve('cut off'))
    request.on('close', () => resolve('cut off'))
  })
}

function headersOf(request: IncomingMessage): IncomingRequest['headers'] {
  const headers: { [name: string]: string | undefined } = {}
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

function writeHalf(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) })
  const half = Buffer.from(body).subarray(0, Math.floor(Buffer.byteLength(body) / 2))
  response.write(half, () => response.socket?.destroy())
}

const brokenRequestStatus: { readonly [code: string]: number } = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** What Node's parser refuses still gets an answer in the API's form. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = brokenRequestStatus[error.code ?? ''] ?? 400
  const { headers, body } = refusal(failures.body())
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${String(body)}`,
  )
}
