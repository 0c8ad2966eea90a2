import { type RouteName, routes } from '@org-memberships/core/contract'

/** Read-only routes around the seven, so that a user, an organization or a key can be found. */
export const surroundingRoutes = {
  listUsers: { method: 'GET', path: '/users' },
  countUsers: { method: 'GET', path: '/users/count' },
  getUser: { method: 'GET', path: '/users/{user_id}' },
  getOrganization: { method: 'GET', path: '/organizations/{organization_id}' },
  getKeys: { method: 'GET', path: '/jwks' },
} as const

export type SurroundingRouteName = keyof typeof surroundingRoutes
export type ServedRouteName = RouteName | SurroundingRouteName

export type Match =
  | {
      readonly kind: 'route'
      readonly name: ServedRouteName
      readonly params: { readonly [name: string]: string }
    }
  /** The path is served, but not with this method. */
  | { readonly kind: 'method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' }

export const basePath = '/v1'

const table = Object.entries({ ...routes, ...surroundingRoutes }).map(([name, route]) => ({
  name: name as ServedRouteName,
  method: route.method,
  segments: route.path.slice(1).split('/'),
}))

/** Finds the route of a path. Each id is one segment, decoded. */
export function matchRoute(method: string, path: string): Match {
  if (!path.startsWith(`${basePath}/`)) return { kind: 'none' }
  const segments: string[] = []
  for (const encoded of path.slice(basePath.length + 1).split('/')) {
    const segment = decode(encoded)
    if (segment === undefined) return { kind: 'none' }
    segments.push(segment)
  }
  const allowed: string[] = []
  for (const route of table) {
    const params = paramsOf(route.segments, segments)
    if (params === undefined) continue
    if (route.method === method) return { kind: 'route', name: route.name, params }
    allowed.push(route.method)
  }
  return allowed.length > 0 ? { kind: 'method', allowed: [...new Set(allowed)] } : { kind: 'none' }
}

function paramsOf(
  pattern: readonly string[],
  segments: readonly string[],
): { [name: string]: string } | undefined {
  if (pattern.length !== segments.length) return undefined
  const params: { [name: string]: string } = {}
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] as string
    if (!expected.startsWith('{')) {
      if (segment !== expected) return undefined
    } else if (segment === '') {
      return undefined
    } else {
      params[expected.slice(1, -1)] = segment
    }
  }
  return params
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
