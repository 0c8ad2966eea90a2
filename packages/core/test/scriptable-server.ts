import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came in; `url` is the raw target, undecoded. */
export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** `performance.now()` when the request had arrived whole. */
  readonly at: number
}

/** What the server does with one request. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>

/** A real HTTP server on a free port that answers as told and records what it was asked. */
export class ScriptableServer {
  readonly requests: ReceivedRequest[] = []
  readonly baseURL: string
  readonly #server: Server
  readonly #script: Answer[] = []
  #otherwise: Answer = (response) => {
    response.writeHead(599).end('This request was not expected.')
  }

  private constructor(server: Server) {
    this.#server = server
    this.baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    server.on('request', (request, response) => void this.#handle(request, response))
  }

  static async start(): Promise<ScriptableServer> {
    const server = createServer({ keepAliveTimeout: 60_000 })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new ScriptableServer(server)
  }

  /** The answers to the next requests, one each. */
  script(...answers: Answer[]): void {
    this.#script.push(...answers)
  }

  /** The answer to every request that the script does not cover. */
  otherwise(answer: Answer): void {
    this.#otherwise = answer
  }

  /** Forgets requests, script and standing answer. */
  reset(): void {
    this.requests.length = 0
    this.#script.length = 0
    this.#otherwise = (response) => {
      response.writeHead(599).end('This request was not expected.')
    }
  }

  get last(): ReceivedRequest {
    const request = this.requests.at(-1)
    if (request === undefined) throw new Error('The server was not asked anything.')
    return request
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {})
    const chunks: Buffer[] = []
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
    } catch {
      return // The client hung up while it was still sending.
    }
    const url = incoming.url ?? ''
    const [path = '', search = ''] = url.split('?', 2)
    const request = {
      method: incoming.method ?? '',
      url,
      path,
      query: new URLSearchParams(search),
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
      at: performance.now(),
    }
    this.requests.push(request)
    await (this.#script.shift() ?? this.#otherwise)(response, request)
  }
}

export interface AnswerOptions {
  status?: number
  headers?: { [name: string]: string }
}

export function json(body: unknown, { status = 200, headers = {} }: AnswerOptions = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
}

/** An error in the API's envelope. */
export function apiError(
  status: number,
  code: string,
  headers: { [name: string]: string } = {},
): Answer {
  return json(
    {
      errors: [{ message: code, long_message: `The long message of ${code}.`, code }],
      clerk_trace_id: 'a'.repeat(32),
    },
    { status, headers },
  )
}

export function text(
  body: string,
  { status = 200, headers = { 'Content-Type': 'text/html' } }: AnswerOptions = {},
): Answer {
  return (response) => {
    response.writeHead(status, headers)
    response.end(body)
  }
}

/** The connection is reset before any answer. */
export const reset: Answer = (response) => {
  response.socket?.resetAndDestroy()
}

/** The headers promise more than comes; then the connection is reset. */
export function resetInBody(start = '{"data":[', status = 200): Answer {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': '5000' })
    response.write(start, () => setTimeout(() => response.socket?.resetAndDestroy(), 5))
  }
}

/** Nothing is ever answered. */
export const stall: Answer = () => {}

/** The headers and a piece of the body come, the rest never. */
export const stallInBody: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '5000' })
  response.write('{"data":[')
}

export function redirect(location: string, status = 307): Answer {
  return (response) => {
    response.writeHead(status, { Location: location }).end()
  }
}
