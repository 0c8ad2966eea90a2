import { assertInteger } from './arguments.js'
import { type Call, openCall, Pace } from './call.js'
import type {
  CountOrganizationMembershipsParams,
  CreateOrganizationMembershipParams,
  DeleteOrganizationMembershipParams,
  GetOrganizationMembershipParams,
  ListAllMembershipsForUserParams,
  ListAllOrganizationMembershipsParams,
  ListMembershipsForInstanceParams,
  ListMembershipsForUserParams,
  ListOrganizationMembershipsParams,
  OrganizationMembership,
  OrganizationMembershipPage,
  OrganizationMembershipQuery,
  PagesParams,
  UpdateOrganizationMembershipMetadataParams,
  UpdateOrganizationMembershipParams,
} from './contract/domain.js'
import { listLimits, toUserIdFilter } from './contract/list-query.js'
import { type RouteBody, routes } from './contract/routes.js'
import { settleCreate } from './create.js'
import { ResponseParseError } from './errors.js'
import { checkHeaders } from './headers.js'
import {
  type ClientOptions,
  type RequestOptions,
  type ResolvedOptions,
  resolveOptions,
} from './options.js'
import {
  assertRole,
  type Ids,
  type ListRouteName,
  metadataBody,
  requestForMembership,
  requestForPage,
  toPathSegment,
} from './request.js'
import {
  defaultConcurrency,
  largestConcurrency,
  smallestPageSize,
  walkPages,
} from './whole-list.js'
import { send } from './transport.js'

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
   * Adds a user to an organization. Ends as one membership and one success, or as one truthful error: where the answer
   * is lost, the member is read back before anything is sent again. (A member who was there before, with the same role
   * and metadata, then counts as added.)
   *
   * @throws BadRequestError `already_a_member_in_organization`
   * @throws NotFoundError no such organization, user or role
   * @throws PermissionDeniedError `organization_membership_quota_exceeded`
   */
  async create(
    params: CreateOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    toPathSegment('userId', params?.userId)
    assertRole(params.role)
    const { organizationId, userId, role } = params
    const body = { user_id: userId, role, ...metadataBody(params) }
    const request = requestForMembership('create', params, body)
    const call = openCall(this.#options, options)
    const find = () => this.#find({ organizationId, userId }, call)
    return send(this.#options, call, request, settleCreate(call, body, find))
  }

  /** One page of an organization's members, with the number of all matches. */
  async list(
    params: ListOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    return this.#sendForPage('list', { organizationId: params?.organizationId }, params, options)
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
    return this.#find(params ?? {}, openCall(this.#options, options))
  }

  /**
   * Every member of an organization that matches, oldest membership first, page by page as the loop goes on.
   *
   * A member who is there and matches from the first answer to the last comes exactly once, though others come and go
   * meanwhile; provided that each answer is one snapshot, and that fewer memberships share one millisecond of creation
   * than a page holds, or keep their order. Leaving the loop ends the requests. `timeout`, `totalTimeout` and
   * `maxRetries` hold for each page.
   *
   * @throws InvalidArgumentError at once
   * @throws ResponseParseError while iterating, when the server does not keep the order that was asked for
   *
   * @example
   * ```ts
   * for await (const membership of memberships.listAll({ organizationId: 'org_1' })) {
   *   console.log(membership.publicUserData?.identifier, membership.role)
   * }
   * ```
   */
  listAll(
    params: ListAllOrganizationMembershipsParams,
    options?: RequestOptions,
  ): AsyncIterable<OrganizationMembership> {
    const { organizationId, pageSize, concurrency, ...filters } = params ?? {}
    const query = { ...filters, orderBy: '+created_at' as const }
    return this.#walk('list', { organizationId }, query, { pageSize, concurrency }, options)
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
    assertRole(params?.role)
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
    return this.#sendForMembership('updateMetadata', params, options, metadataBody(params ?? {}))
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
    const { userId, limit, offset } = params ?? {}
    return this.#sendForPage('listForUser', { userId }, { limit, offset }, options)
  }

  /** Every membership of a user, newest first; otherwise as `listAll`. */
  listAllForUser(
    params: ListAllMembershipsForUserParams,
    options?: RequestOptions,
  ): AsyncIterable<OrganizationMembership> {
    const { userId, pageSize, concurrency } = params ?? {}
    return this.#walk('listForUser', { userId }, {}, { pageSize, concurrency }, options)
  }

  /** One page of all memberships of the instance. Backends only. */
  async listForInstance(
    params: ListMembershipsForInstanceParams = {},
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    const { orderBy, limit, offset } = params
    return this.#sendForPage('listForInstance', {}, { orderBy, limit, offset }, options)
  }

  #sendForMembership<Name extends 'update' | 'updateMetadata' | 'delete'>(
    name: Name,
    ids: Ids,
    options: RequestOptions | undefined,
    ...[body]: RouteBody<Name> extends undefined ? [] : [body: RouteBody<Name>]
  ): Promise<OrganizationMembership> {
    const request = requestForMembership(name, ids, body)
    return send(this.#options, openCall(this.#options, options), request)
  }

  #sendForPage(
    name: ListRouteName,
    ids: Ids,
    query: OrganizationMembershipQuery,
    options: RequestOptions | undefined,
  ): Promise<OrganizationMembershipPage> {
    const request = requestForPage(name, ids, query)
    return send(this.#options, openCall(this.#options, options), request)
  }

  async #find(
    { organizationId, userId }: GetOrganizationMembershipParams,
    call: Call,
  ): Promise<OrganizationMembership | null> {
    toPathSegment('userId', userId)
    const filter = { userId: toUserIdFilter(userId), limit: 1 }
    const request = requestForPage('list', { organizationId }, filter)
    const { data } = await send(this.#options, call, request)
    const membership = data[0]
    if (membership === undefined) return null
    if (membership.publicUserData?.userId === userId) return membership
    throw new ResponseParseError(
      { method: routes.list.method, path: request.path },
      200,
      'the member that came back is not the one asked for: the server does not heed the user_id filter.',
    )
  }

  #walk(
    name: 'list' | 'listForUser',
    ids: Ids,
    query: OrganizationMembershipQuery,
    { pageSize = this.#options.pageSize, concurrency = defaultConcurrency }: PagesParams,
    options: RequestOptions = {},
  ): AsyncIterable<OrganizationMembership> {
    assertInteger('pageSize', pageSize, smallestPageSize, listLimits.maximumLimit)
    assertInteger('concurrency', concurrency, 1, largestConcurrency)
    const client = this.#options
    // What is wrong is said now, before the first page, and what the caller changes later changes no page.
    const request = requestForPage(name, ids, query)
    const rest = request.search === '' ? '' : `&${request.search}`
    const requestAt = ({ limit, offset }: { limit: number; offset: number }) => ({
      ...request,
      search: `limit=${limit}&offset=${offset}${rest}`,
    })
    const kept = { ...options, headers: checkHeaders(options.headers) }
    openCall(client, kept)

    const memberships = () => {
      // One that is told to wait makes the others wait too.
      const pace = new Pace()
      return walkPages({
        pageSize,
        concurrency,
        direction: name === 'list' ? 1 : -1,
        signal: options.signal,
        readPage: (page, signal) =>
          send(client, openCall(client, { ...kept, signal }, pace), requestAt(page)),
        errorFor: ({ message }) =>
          new ResponseParseError(
            { method: routes[name].method, path: request.path },
            200,
            `${message}.`,
          ),
      })
    }
    return { [Symbol.asyncIterator]: memberships }
  }
}
