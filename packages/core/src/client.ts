import {
  assertListQuery,
  assertMetadata,
  assertRole,
  toJSONBody,
  toPathSegment,
} from './arguments.js'
import type {
  CountOrganizationMembershipsParams,
  CreateOrganizationMembershipParams,
  DeleteOrganizationMembershipParams,
  GetOrganizationMembershipParams,
  ListMembershipsForInstanceParams,
  ListMembershipsForUserParams,
  ListOrganizationMembershipsParams,
  OrganizationMembership,
  OrganizationMembershipPage,
  OrganizationMembershipQuery,
  UpdateOrganizationMembershipMetadataParams,
  UpdateOrganizationMembershipParams,
} from './contract/domain.js'
import { toListSearchParams } from './contract/list-query.js'
import {
  fromOrganizationMembershipJSON,
  fromOrganizationMembershipsJSON,
} from './contract/mappers.js'
import { fillPath, type RouteBody, type RouteName, routes } from './contract/routes.js'
import { ResponseParseError } from './errors.js'
import {
  type ClientOptions,
  type RequestOptions,
  type ResolvedOptions,
  resolveOptions,
} from './options.js'
import { send } from './transport.js'

interface Ids {
  organizationId?: string
  userId?: string
}

/**
 * A client of the Organization Memberships API: Clerk's own, your backend's mounted routes, or the emulator; only
 * `baseURL` and the credential differ.
 *
 * Every method rejects with an error of the `OrganizationMembershipsError` family, or with the signal's reason when
 * the caller aborted.
 *
 * @example
 * ```ts
 * const memberships = new OrganizationMembershipsClient({ secretKey: 'sk_test_…' })
 * const { data, totalCount } = await memberships.list({ organizationId: 'org_1', role: 'org:admin' })
 * ```
 */
export class OrganizationMembershipsClient {
  // Private to the language: `util.inspect` and JSON.stringify of a client cannot show the key.
  readonly #options: ResolvedOptions

  /** @throws InvalidArgumentError when an option is missing or cannot work; it names the option */
  constructor(options: ClientOptions = {}) {
    this.#options = resolveOptions(options)
  }

  /**
   * Adds a user to an organization.
   *
   * @throws BadRequestError `already_a_member_in_organization`
   * @throws NotFoundError no such organization, user or role
   * @throws PermissionDeniedError `organization_membership_quota_exceeded`
   */
  async create(
    params: CreateOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    toPathSegment('userId', params.userId)
    assertRole(params.role)
    return this.#sendForMembership('create', params, options, {
      user_id: params.userId,
      role: params.role,
      ...metadataBody(params),
    })
  }

  /** One page of an organization's members, with the number of all matches. */
  async list(
    params: ListOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    return this.#sendForPage('list', { organizationId: params.organizationId }, params, options)
  }

  /**
   * One member, or `null` where the user is not a member.
   *
   * The API has no route for one membership, so this lists with the user's id as the filter and checks the id that
   * comes back.
   */
  async get(
    params: GetOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership | null> {
    const { organizationId, userId } = params
    toPathSegment('userId', userId)
    // `+` and `-` are operators of this filter, so an id that starts with one is given an explicit `+`; with a blank
    // too, since a server takes a blank there for a `+` that was not encoded.
    const filter = /^[+\-\s]/.test(userId) ? `+${userId}` : userId
    const { data } = await this.list({ organizationId, userId: filter, limit: 1 }, options)
    const membership = data[0]
    if (membership === undefined) return null
    if (membership.publicUserData?.userId === userId) return membership
    throw new ResponseParseError(
      { method: routes.list.method, path: pathOf('list', { organizationId }) },
      200,
      'the member that came back is not the one asked for: the server does not heed the user_id filter.',
    )
  }

  /** How many members match. Costs one request of one row. */
  async count(
    params: CountOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<number> {
    const { totalCount } = await this.list({ ...params, limit: 1 }, options)
    return totalCount
  }

  /**
   * Changes a member's role.
   *
   * @throws NotFoundError no such organization, role or member
   */
  async update(
    params: UpdateOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    assertRole(params.role)
    return this.#sendForMembership('update', params, options, { role: params.role })
  }

  /**
   * Merges metadata deeply into what is stored: objects merge, `null` removes a key at any level, everything else
   * (arrays too) replaces. A field that is not given stays as it is.
   *
   * @throws NotFoundError no such organization or member
   * @throws UnprocessableEntityError `form_param_exceeds_allowed_size`, over 8192 bytes per field after the merge
   */
  async updateMetadata(
    params: UpdateOrganizationMembershipMetadataParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    return this.#sendForMembership('updateMetadata', params, options, metadataBody(params))
  }

  /**
   * Removes a member.
   *
   * @returns the membership as it was before it was removed
   * @throws NotFoundError no such organization or member
   */
  async delete(
    params: DeleteOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    return this.#sendForMembership('delete', params, options)
  }

  /** One page of a user's memberships, over all organizations. */
  async listForUser(
    params: ListMembershipsForUserParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    const { userId, limit, offset } = params
    return this.#sendForPage('listForUser', { userId }, { limit, offset }, options)
  }

  /** One page of all memberships of the instance. Backends only. */
  async listForInstance(
    params: ListMembershipsForInstanceParams = {},
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    const { orderBy, limit, offset } = params
    return this.#sendForPage('listForInstance', {}, { orderBy, limit, offset }, options)
  }

  #sendForMembership<Name extends 'create' | 'update' | 'updateMetadata' | 'delete'>(
    name: Name,
    ids: Ids,
    options: RequestOptions | undefined,
    ...[body]: RouteBody<Name> extends undefined ? [] : [body: RouteBody<Name>]
  ): Promise<OrganizationMembership> {
    const request = {
      route: routes[name],
      path: pathOf(name, ids),
      parse: fromOrganizationMembershipJSON,
    }
    return send(
      this.#options,
      body === undefined ? request : { ...request, body: toJSONBody(body) },
      options,
    )
  }

  #sendForPage(
    name: 'list' | 'listForUser' | 'listForInstance',
    ids: Ids,
    query: OrganizationMembershipQuery,
    options: RequestOptions | undefined,
  ): Promise<OrganizationMembershipPage> {
    assertListQuery(query)
    return send(
      this.#options,
      {
        route: routes[name],
        path: pathOf(name, ids),
        search: toListSearchParams(query),
        parse: fromOrganizationMembershipsJSON,
      },
      options,
    )
  }
}

const pathParameters = { organization_id: 'organizationId', user_id: 'userId' } as const

function pathOf(name: RouteName, ids: Ids): string {
  return fillPath(routes[name].path, (parameter) => {
    const id = pathParameters[parameter]
    return toPathSegment(id, ids[id] as string)
  })
}

function metadataBody({
  publicMetadata,
  privateMetadata,
}: {
  publicMetadata?: object
  privateMetadata?: object
}) {
  assertMetadata('publicMetadata', publicMetadata)
  assertMetadata('privateMetadata', privateMetadata)
  return {
    ...(publicMetadata && { public_metadata: publicMetadata as { [key: string]: unknown } }),
    ...(privateMetadata && { private_metadata: privateMetadata as { [key: string]: unknown } }),
  }
}
