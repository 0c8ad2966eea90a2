import { randomUUID } from 'node:crypto'
import type { ClientJSON } from '@clerk/react/types'
import type { Emulator } from '@org-memberships/emulator'
import type { BrowserContext, Request, Route } from 'playwright-core'
import type { Person } from '../../api/seed/person.js'
import { clientOf, environmentOf, sessionOf, signInOf } from './resources.js'
import { readClerkScript } from './scripts.js'

/** Of everybody here. */
export const password = 'correct horse battery staple'

const signInId = 'sia_1'

interface Answer {
  status?: number
  contentType?: string
  body: string | Buffer
}

/**
 * Stands in for the frontend API of a development instance, so that the real script and components of Clerk can sign
 * people in without a network. It answers what they ask for on this page, to one browser, and nothing more. Session
 * tokens are signed by the emulator, which stands in for the Backend API, so that both are one instance.
 */
export class ClerkFrontendApi {
  /** As the emulator signs. */
  readonly origin: string
  /** It names that host. */
  readonly publishableKey: string
  /** While true, nobody reaches it. */
  isDown = false
  /** Requests of the page to anywhere else; none of them got there. */
  readonly strays: string[] = []

  readonly #people: readonly Person[]
  readonly #emulator: Emulator
  readonly #sessions = new Map<string, Person>()
  #signingIn: Person | null = null

  constructor(emulator: Emulator, people: readonly Person[]) {
    this.origin = emulator.issuer
    this.publishableKey = `pk_test_${Buffer.from(`${new URL(this.origin).host}$`).toString('base64')}`
    this.#emulator = emulator
    this.#people = people
  }

  /** Answers for Clerk's hosts in this browser, and lets nothing else out of this machine. */
  async attach(context: BrowserContext): Promise<void> {
    await context.route('**/*', (route, request) => {
      const { hostname, origin } = new URL(request.url())
      if (['localhost', '127.0.0.1'].includes(hostname)) return route.continue()
      if (origin === this.origin && this.isDown) return route.abort()
      if (origin === this.origin) return this.#fulfill(route, request)
      if (origin === 'https://img.clerk.com') {
        return route.fulfill({ contentType: 'image/svg+xml', body: picture })
      }
      this.strays.push(request.url())
      return route.abort()
    })
  }

  async #fulfill(route: Route, request: Request): Promise<void> {
    const pageOrigin = request.headers()['origin'] ?? ''
    const answer = await this.#answer(request, pageOrigin)
    await route.fulfill({
      status: 200,
      contentType: 'application/json',
      ...answer,
      headers: {
        'Access-Control-Allow-Origin': pageOrigin,
        'Access-Control-Allow-Credentials': 'true',
      },
    })
  }

  async #answer(request: Request, pageOrigin: string): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url())
    const script = await readClerkScript(pathname)
    if (script !== null) return { contentType: 'text/javascript', body: script }

    // Methods that would take a CORS preflight travel as POST.
    const method = searchParams.get('_method') ?? request.method()
    const form = new URLSearchParams(request.postData() ?? '')
    const [, resource, id = '', action = ''] =
      /^\/v1\/(environment|dev_browser|client(?:\/sessions|\/sign_ins)?)(?:\/(\w+))?(?:\/(\w+))?$/.exec(
        pathname,
      ) ?? []
    switch (`${method} ${resource} ${action}`.trim()) {
      case 'POST dev_browser':
        return json({ id: 'dvb_1' })
      case 'GET environment':
      case 'PATCH environment':
        return json(environmentOf(pageOrigin))
      case 'GET client':
      case 'PUT client':
        return json({ response: await this.#client(pageOrigin), client: null })
      case 'POST client/sign_ins':
        return this.#beginSignIn(form)
      case 'POST client/sign_ins attempt_first_factor':
        return this.#attemptPassword(form, pageOrigin)
      case 'POST client/sessions touch':
        return json({
          response: await this.#session(id, pageOrigin),
          client: await this.#client(pageOrigin),
        })
      case 'POST client/sessions tokens':
        return json({ object: 'token', jwt: await this.#token(id, pageOrigin) })
      case 'POST client/sessions remove':
      case 'DELETE client/sessions':
        this.#sessions.clear()
        return json({ response: await this.#client(pageOrigin), client: null })
      default:
        return refusal(404, 'resource_not_found', `No ${method} ${pathname} here.`)
    }
  }

  #beginSignIn(form: URLSearchParams): Answer {
    const identifier = form.get('identifier')
    const person = this.#people.find(({ emailAddress }) => emailAddress === identifier)
    if (person === undefined) {
      return refusal(422, 'form_identifier_not_found', 'There is no such account.')
    }
    this.#signingIn = person
    return json({ response: signInOf(signInId, person, null), client: null })
  }

  async #attemptPassword(form: URLSearchParams, azp: string): Promise<Answer> {
    const person = this.#signingIn
    if (person === null || form.get('password') !== password) {
      return refusal(422, 'form_password_incorrect', 'That is not the password.')
    }
    const sessionId = `sess_${randomUUID().replaceAll('-', '')}`
    this.#sessions.set(sessionId, person)
    this.#signingIn = null
    return json({
      response: signInOf(signInId, person, sessionId),
      client: await this.#client(azp),
    })
  }

  async #client(azp: string): Promise<Partial<ClientJSON>> {
    const sessions = [...this.#sessions.keys()].map((id) => this.#session(id, azp))
    return clientOf('client_1', await Promise.all(sessions))
  }

  async #session(id: string, azp: string) {
    return sessionOf(id, this.#personOf(id), await this.#token(id, azp))
  }

  /** For the origin that asks, as Clerk makes them. */
  #token(sessionId: string, azp: string): Promise<string> {
    const { userId } = this.#personOf(sessionId)
    return this.#emulator.createSessionToken({ userId, azp, iss: this.origin })
  }

  #personOf(sessionId: string): Person {
    const person = this.#sessions.get(sessionId)
    if (person === undefined) throw new Error(`Nobody is signed in with ${sessionId}.`)
    return person
  }
}

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>'

function json(body: object): Answer {
  return { body: JSON.stringify(body) }
}

function refusal(status: number, code: string, message: string): Answer {
  return { status, ...json({ errors: [{ code, message, long_message: message }] }) }
}
