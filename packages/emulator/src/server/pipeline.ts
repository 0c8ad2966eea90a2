import { createHash, timingSafeEqual } from 'node:crypto'
import { type RouteName, type RouteParameters, routes } from '@org-memberships/core/contract'
import { Failure, failures } from '../api/failures.js'
import { handle, takesBody } from '../api/handlers.js'
import type { Instance } from '../api/instance.js'
import { countUsers, getOrganization, getUser, listUsers } from '../api/surroundings.js'
import { readVersion } from '../api/versions.js'
import type { RateLimiter } from './rate-limit.js'
import type { TokenIssuer } from '../tokens.js'
import { warn } from '../warning.js'
import { readJSONBody } from './body.js'
import type { RequestContext } from './context.js'
import { assertHost } from './host.js'
import { type Answer, type IncomingRequest, jsonAnswer } from './message.js'
import { refusal } from './refusal.js'
import { basePath, matchRoute, type ServedRouteName } from './router.js'

export interface PipelineOptions {
  readonly secretKey: string
  /** The instance as this request sees it. */
  readonly instance: (request: IncomingRequest) => Instance
  readonly tokens: TokenIssuer
  readonly limiter: RateLimiter
  readonly maximumBodyBytes: number
  /** Names that a `Host` header may have; `undefined` allows any. */
  readonly allowedHosts: ReadonlySet<string> | undefined
  /** Answers paths that the emulator does not serve; `undefined` leaves them to the 404. */
  readonly fallback: ((request: IncomingRequest) => Promise<Answer | undefined>) | undefined
}

/** From a request to its answer, in the order of checks that the contract's section 7 recommends. */
export function createPipeline(options: PipelineOptions) {
  const { secretKey, instance, tokens, limiter, maximumBodyBytes, fallback, allowedHosts } = options
  const expected = digest(secretKey)

  return async function answer({ request, path, search, match }: RequestContext): Promise<Answer> {
    try {
      assertHost(request.headers['host'], allowedHosts)
      if (match.kind !== 'route') {
        const answered = await fallback?.(request)
        if (answered !== undefined) return answered
      }
      if (match.kind === 'none') throw noRoute(request.method, path)
      assertAuthorized(request.headers['authorization'], expected)
      const version = readVersion(request.headers['clerk-api-version'], search)
      if (match.kind === 'method') throw failures.method(match.allowed)
      const { name, params } = match
      const current = instance(request)
      limiter.count(name, params, current.clock.now())
      if (!isMembershipRoute(name)) {
        return jsonAnswer(200, await answerSurrounding(current, name, params, search))
      }
      if (!current.rules.organizationsEnabled) throw failures.organizationsNotEnabled()
      const body = takesBody(name) ? readJSONBody(request, maximumBodyBytes) : undefined
      return jsonAnswer(
        200,
        handle(name, current, {
          params: params as RouteParameters<typeof name>,
          search,
          body,
          version,
        }),
      )
    } catch (error) {
      if (error instanceof Failure) return refusal(error)
      warn(error)
      return refusal(failures.internal())
    }
  }

  async function answerSurrounding(
    current: Instance,
    name: Exclude<ServedRouteName, RouteName>,
    params: { readonly [name: string]: string },
    search: URLSearchParams,
  ): Promise<unknown> {
    switch (name) {
      case 'listUsers':
        return listUsers(current, search)
      case 'countUsers':
        return countUsers(current, search)
      case 'getUser':
        return getUser(current, params['user_id'] as string)
      case 'getOrganization':
        return getOrganization(current, params['organization_id'] as string)
      case 'getKeys':
        return tokens.keySet()
    }
  }
}

function noRoute(method: string, path: string): Failure {
  if (isServed(method, basePath + path)) {
    return failures.route(method, path, `; is ${basePath} missing from the base URL?`)
  }
  if (path.startsWith(basePath) && isServed(method, path.slice(basePath.length))) {
    return failures.route(
      method,
      path,
      `; is ${basePath} there twice, in the base URL and the path?`,
    )
  }
  return failures.route(method, path, '.')
}

function isServed(method: string, path: string): boolean {
  return matchRoute(method, path).kind !== 'none'
}

function isMembershipRoute(name: ServedRouteName): name is RouteName {
  return Object.hasOwn(routes, name)
}

function assertAuthorized(header: string | undefined, expected: Buffer): void {
  const given = /^Bearer +(\S+)\s*$/i.exec(header ?? '')?.[1]
  if (given === undefined) throw failures.authorizationFormat()
  if (!timingSafeEqual(digest(given), expected)) throw failures.secretKey()
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
