import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { MembershipRequest, MountedOperation } from '../access/membership-access.js'
import { respondWithError } from './error-response.js'
import type { AdapterResponse } from './json-response.js'
import { mountedOperationKey } from './mounted-operation.js'
import { isRead, readBody, type RequestBody } from './request-body.js'

/** Fastify's request, as far as it is used here. */
interface FastifyRequest extends Omit<MembershipRequest, 'headers' | 'body'> {
  headers: IncomingHttpHeaders
  body: unknown
  readonly raw: Readable & { readonly body?: unknown }
  readonly routeOptions: { readonly bodyLimit: number }
}

type RouteHook = (...parameters: never[]) => unknown

/** The options of a route that is being registered, as far as they are used here. */
interface FastifyRoute {
  readonly config?: { readonly [mountedOperationKey]?: MountedOperation }
  preParsing?: RouteHook | RouteHook[]
  preValidation?: RouteHook | RouteHook[]
  errorHandler?: (error: unknown, request: unknown, reply: AdapterResponse) => void
}

export interface FastifyInstance {
  addHook(name: 'onRoute', hook: (route: FastifyRoute) => void): unknown
}

const bodies = new WeakMap<object, RequestBody>()
const hiddenHeaders = new WeakMap<object, IncomingHttpHeaders>()

/** The body of a request to a mounted route on Fastify; `undefined` for any other request. */
export function bodyOfFastify(request: object): RequestBody | undefined {
  return bodies.get(request)
}

/**
 * Lets the mounted routes of a Fastify app read their bodies and answer what fails on the way to them. Fastify's own
 * parsers would refuse a DELETE with a content type and no body, and metadata with a key such as `__proto__`; over
 * HTTP/2 they would take a body without a length for none. Other routes are left alone.
 *
 * Called before Nest registers its routes: a hook sees only those that come after it.
 */
export function prepareFastify(instance: FastifyInstance): void {
  instance.addHook('onRoute', (route) => {
    const operation = route.config?.[mountedOperationKey]
    if (operation === undefined) return
    route.errorHandler = (error, _request, reply) => respondWithError(error, reply)
    if (operation === 'list') return
    route.preParsing = [...hooksOf(route.preParsing), takeBody]
    route.preValidation = [showBody, ...hooksOf(route.preValidation)]
  })
}

function hooksOf(hooks: RouteHook | RouteHook[] | undefined): RouteHook[] {
  return hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks]
}

async function takeBody(
  request: FastifyRequest,
  _reply: unknown,
  payload: Readable,
): Promise<void> {
  const { headers } = request
  const { bodyLimit: limit } = request.routeOptions
  // Express's parsers run on Fastify too, as middleware, and leave what they parsed on Node's request.
  const parsed = isRead(payload) ? request.raw.body : undefined
  bodies.set(request, await readBody({ headers, parsed, stream: payload, limit }))
  // To Fastify the request has no body now: whatever parsers the app has or has not, none is asked.
  hiddenHeaders.set(request, headers)
  request.headers = {
    ...headers,
    'content-type': undefined,
    'content-length': undefined,
    'transfer-encoding': undefined,
  }
}

/** Policies and hooks of the app see the request as it came, with the body in its usual place. */
async function showBody(request: FastifyRequest): Promise<void> {
  const headers = hiddenHeaders.get(request)
  if (headers !== undefined) request.headers = headers
  const body = bodies.get(request)
  if (body?.kind === 'object') request.body = body.value
}
