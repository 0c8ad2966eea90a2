import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { startBackend } from './backend.js'
import { createFrontendApi, readClerkScript } from './frontend-api.js'

const html =
  '<!doctype html><title>Members</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/page.js"></script>'

/**
 * One origin for a page and for both servers behind it: our backend at `/v1`, Clerk's Frontend API at `/clerk/v1`. Each
 * request about memberships takes the same time to either, half of it on the way there and half on the way back.
 */
export class Front {
  /** `GET`, `PATCH` and `DELETE` of memberships, in order. */
  requests = []
  /** What clerk-js has loaded. */
  scripts = new Map()
  latency = 0

  #open = 0
  #answered = 0
  #faults = []
  #script
  #server
  #frontendApi
  #backend

  static async start(emulator, { script, userId, organizationId }) {
    const front = new Front()
    front.#script = script
    front.#server = createServer((request, response) => void front.#serve(request, response))
    front.#server.listen(0, '127.0.0.1')
    await once(front.#server, 'listening')
    front.origin = `http://localhost:${front.#server.address().port}`
    front.#frontendApi = createFrontendApi(emulator, { userId, organizationId })
    front.#backend = await startBackend(emulator, { authorizedParties: [front.origin] })
    return front
  }

  /**
   * What happens to the changes that come next, in order: refused instead of made, made though the answer says that it
   * failed, or slower than the others on the way there or back, by so many ms.
   *
   * @param {({ isRefused?: boolean, isLost?: boolean, thereBy?: number, backBy?: number })[]} faults
   */
  expect(faults) {
    this.#faults = [...faults]
  }

  /**
   * Until no request is open, and none has come or been answered since the page had nothing to do any more.
   *
   * @param {() => Promise<void>} idle ends when the page has nothing to do
   */
  async quiet(idle) {
    // An answer that came meanwhile may not be on the page yet: it gives the page another turn, as a request does.
    const seen = () => this.requests.length + this.#answered
    for (let before = -1; before !== seen() || this.#open > 0;) {
      before = seen()
      await sleep(100)
      await idle()
    }
  }

  async close() {
    this.#server.closeAllConnections()
    this.#server.close()
    await this.#backend.close()
  }

  async #serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.origin)
    if (pathname === '/') return send(response, 200, 'text/html', html)
    if (pathname === '/page.js') return send(response, 200, 'text/javascript', this.#script)
    if (pathname.startsWith('/clerk/npm/')) {
      const script = await readClerkScript(pathname.slice('/clerk'.length))
      if (script === null) return send(response, 404, 'text/plain', 'no such script')
      this.scripts.set(pathname.split('/').at(-1), script)
      return send(response, 200, 'text/javascript', script)
    }
    const call = {
      // Methods that would take a CORS preflight travel as POST to Clerk.
      method: searchParams.get('_method') ?? request.method,
      pathname,
      search: searchParams,
      authorization: request.headers.authorization,
      type: request.headers['content-type'],
      body: await text(request),
    }
    const { status, body } = /\/v1\/organizations\/\w+\/memberships/.test(pathname)
      ? await this.#slowly(call)
      : await this.#answer(call)
    return send(response, status, 'application/json', JSON.stringify(body))
  }

  async #slowly(call) {
    this.requests.push(call.method)
    this.#open += 1
    const fault = call.method === 'GET' ? undefined : this.#faults.shift()
    const { isRefused = false, isLost = false, thereBy = 0, backBy = 0 } = fault ?? {}
    await sleep(this.latency / 2 + thereBy)
    const answer = isRefused ? refusal(403, 'not_allowed') : await this.#answer(call)
    await sleep(this.latency / 2 + backBy)
    this.#open -= 1
    this.#answered += 1
    return isLost ? refusal(502, 'bad_gateway') : answer
  }

  async #answer({ method, pathname, search, authorization, type, body }) {
    if (pathname.startsWith('/clerk/v1')) {
      return this.#frontendApi({
        method,
        path: pathname.slice('/clerk/v1'.length),
        search,
        form: new URLSearchParams(body),
        origin: this.origin,
      })
    }
    const response = await fetch(`${this.#backend.url}${pathname}?${search}`, {
      method,
      headers: {
        ...(authorization && { authorization }),
        ...(type && { 'content-type': type }),
      },
      body: body === '' ? undefined : body,
    })
    return { status: response.status, body: await response.json() }
  }
}

function refusal(status, code) {
  return { status, body: { errors: [{ code, message: code, long_message: code }] } }
}

function send(response, status, type, body) {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' })
  response.end(body)
}
