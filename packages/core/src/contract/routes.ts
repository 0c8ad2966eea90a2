import type {
  CreateMembershipBodyJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipsJSON,
  UpdateMembershipBodyJSON,
  UpdateMembershipMetadataBodyJSON,
} from './wire.js'

export type HTTPMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export interface Route {
  readonly method: HTTPMethod
  /** Below the base URL, with parameters in braces. */
  readonly path: `/${string}`
}

/** The seven routes, declared once: the client sends to them, the NestJS module and the emulator serve them. */
export const routes = {
  create: { method: 'POST', path: '/organizations/{organization_id}/memberships' },
  list: { method: 'GET', path: '/organizations/{organization_id}/memberships' },
  update: { method: 'PATCH', path: '/organizations/{organization_id}/memberships/{user_id}' },
  updateMetadata: {
    method: 'PATCH',
    path: '/organizations/{organization_id}/memberships/{user_id}/metadata',
  },
  delete: { method: 'DELETE', path: '/organizations/{organization_id}/memberships/{user_id}' },
  listForInstance: { method: 'GET', path: '/organization_memberships' },
  listForUser: { method: 'GET', path: '/users/{user_id}/organization_memberships' },
} as const satisfies Record<string, Route>

/** The name of one of the seven routes, such as `updateMetadata`. */
export type RouteName = keyof typeof routes

type ParametersIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParametersIn<Rest>
  : never

/** The path parameters of a route: `{ organization_id: string; user_id: string }` for `update`. */
export type RouteParameters<Name extends RouteName> = {
  [Parameter in ParametersIn<(typeof routes)[Name]['path']>]: string
}

interface RouteBodies {
  create: CreateMembershipBodyJSON
  list: undefined
  update: UpdateMembershipBodyJSON
  updateMetadata: UpdateMembershipMetadataBodyJSON
  delete: undefined
  listForInstance: undefined
  listForUser: undefined
}

interface RouteAnswers {
  create: OrganizationMembershipJSON
  list: OrganizationMembershipsJSON
  update: OrganizationMembershipJSON
  updateMetadata: OrganizationMembershipJSON
  /** The membership as it was before it was removed. */
  delete: OrganizationMembershipJSON
  listForInstance: OrganizationMembershipsJSON
  listForUser: OrganizationMembershipsJSON
}

/** The JSON body that a route takes; `undefined` where it takes none. */
export type RouteBody<Name extends RouteName> = RouteBodies[Name]

/** The JSON that a route answers with status 200. */
export type RouteAnswer<Name extends RouteName> = RouteAnswers[Name]

/** Each `{parameter}` of a path replaced; `encode` says what a value becomes (a URL segment, a router's pattern). */
export function fillPath<Path extends string>(
  path: Path,
  encode: (parameter: ParametersIn<Path>) => string,
): string {
  return path.replace(/\{(\w+)\}/g, (_, parameter: ParametersIn<Path>) => encode(parameter))
}
