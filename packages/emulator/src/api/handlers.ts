import {
  mergeMetadata,
  type OrganizationMembershipQuery,
  readCreateBody,
  readListQuery,
  readUpdateBody,
  readUpdateMetadataBody,
  type RequestReading,
  type RouteAnswer,
  type RouteBody,
  type RouteName,
  type RouteParameters,
} from '@org-memberships/core'
import { listMemberships, pageOf } from '../store/listing.js'
import { defaultOrder } from '../store/sorting.js'
import type { MembershipRecord, OrganizationRecord } from '../store/records.js'
import type { Role } from '../store/roles.js'
import { Failure, failures } from './failures.js'
import type { Instance } from './instance.js'
import { assertMetadataSize } from './metadata-size.js'
import { toMembershipJSON, toMembershipsJSON } from './presentation.js'
import { keepsLastAdmin, roleKeyOf } from './rules.js'
import type { APIVersion } from './versions.js'

/** A request to one of the seven routes, read and checked for form. */
export interface Call<Name extends RouteName> {
  readonly params: RouteParameters<Name>
  readonly query: OrganizationMembershipQuery
  readonly body: RouteBody<Name>
  readonly version: APIVersion
}

/** Does what a route does, or throws a `Failure`. Synchronous: parallel requests cannot come between. */
export type Handler<Name extends RouteName> = (
  instance: Instance,
  call: Call<Name>,
) => RouteAnswer<Name>

export const handlers: { readonly [Name in RouteName]: Handler<Name> } = {
  create(instance, { params, body }) {
    const { store, rules, clock } = instance
    const metadata = {
      public_metadata: mergeMetadata({}, body.public_metadata ?? {}),
      private_metadata: mergeMetadata({}, body.private_metadata ?? {}),
    }
    assertMetadataSize(metadata)
    const organization = organizationOf(instance, params.organization_id)
    const role = roleOf(instance, organization, body.role)
    const user = store.users.get(body.user_id)
    if (user === undefined) throw failures.user(body.user_id)
    if (organization.members.has(user.id)) throw failures.alreadyMember(user.id)
    if (rules.exclusiveMembership && user.memberships.length > 0) {
      throw failures.exclusiveMembership()
    }
    const { maxAllowedMemberships, pendingInvitationsCount, members } = organization
    if (
      maxAllowedMemberships > 0 &&
      members.size + pendingInvitationsCount >= maxAllowedMemberships
    ) {
      throw failures.quota(maxAllowedMemberships)
    }
    const createdAt = clock.now()
    const membership: MembershipRecord = {
      id: instance.createId('orgmem', createdAt),
      organization,
      user,
      role,
      publicMetadata: metadata.public_metadata,
      privateMetadata: metadata.private_metadata,
      createdAt,
      updatedAt: createdAt,
    }
    store.addMembership(membership)
    instance.onChange('created', membership)
    return toMembershipJSON(membership)
  },

  list(instance, { params, query }) {
    const { store } = instance
    const { members, orders } = organizationOf(instance, params.organization_id)
    const scope = {
      orders,
      users: store.users,
      size: members.size,
      membershipsOf: ({ id }: { id: string }) => {
        const membership = members.get(id)
        return membership === undefined ? [] : [membership]
      },
    }
    return toMembershipsJSON(listMemberships(scope, query))
  },

  update(instance, { params, body, version }) {
    const organization = organizationOf(instance, params.organization_id)
    const role = roleOf(instance, organization, body.role)
    const membership = membershipOf(organization, params.user_id)
    if (!role.isElevated) assertNotLastAdmin(instance, membership, version)
    instance.store.setRole(membership, role, laterThan(membership, instance))
    instance.onChange('updated', membership)
    return toMembershipJSON(membership)
  },

  updateMetadata(instance, { params, body }) {
    const membership = membershipOf(
      organizationOf(instance, params.organization_id),
      params.user_id,
    )
    const merged = {
      public_metadata: mergeMetadata(membership.publicMetadata, body.public_metadata ?? {}),
      private_metadata: mergeMetadata(membership.privateMetadata, body.private_metadata ?? {}),
    }
    assertMetadataSize(merged)
    instance.store.setMetadata(
      membership,
      merged.public_metadata,
      merged.private_metadata,
      laterThan(membership, instance),
    )
    instance.onChange('updated', membership)
    return toMembershipJSON(membership)
  },

  delete(instance, { params, version }) {
    const membership = membershipOf(
      organizationOf(instance, params.organization_id),
      params.user_id,
    )
    assertNotLastAdmin(instance, membership, version)
    if (!instance.rules.personalAccounts && membership.user.memberships.length === 1) {
      throw failures.personalAccount()
    }
    instance.store.removeMembership(membership)
    instance.onChange('deleted', membership)
    return toMembershipJSON(membership)
  },

  listForInstance({ store }, { query }) {
    const scope = {
      orders: store.orders,
      users: store.users,
      size: store.membershipCount,
      membershipsOf: ({ memberships }: { memberships: readonly MembershipRecord[] }) => memberships,
    }
    return toMembershipsJSON(listMemberships(scope, query))
  },

  listForUser({ store }, { params, query }) {
    const user = store.users.get(params.user_id)
    if (user === undefined) throw failures.user(params.user_id)
    const { limit = 10, offset = 0 } = query
    return toMembershipsJSON(pageOf(user.memberships, { limit, offset, order: defaultOrder }))
  },
}

const pageParameters = ['limit', 'offset'] as const

/** Which list parameters a route reads; the others are ignored (contract, section 3). */
const queryParameters: {
  readonly [Name in RouteName]?: readonly (keyof OrganizationMembershipQuery)[] | 'all'
} = {
  list: 'all',
  listForInstance: [...pageParameters, 'orderBy'],
  listForUser: pageParameters,
}

const readNoBody = (): RequestReading<undefined> => ({ ok: true, value: undefined })

const bodyReaders: {
  readonly [Name in RouteName]: (json: unknown) => RequestReading<RouteBody<Name>>
} = {
  create: readCreateBody,
  list: readNoBody,
  update: readUpdateBody,
  updateMetadata: readUpdateMetadataBody,
  delete: readNoBody,
  listForInstance: readNoBody,
  listForUser: readNoBody,
}

/** True for the routes whose body matters. */
export function takesBody(name: RouteName): boolean {
  return bodyReaders[name] !== readNoBody
}

/** Reads a request's parameters and body, and answers it. */
export function handle<Name extends RouteName>(
  name: Name,
  instance: Instance,
  request: {
    readonly params: RouteParameters<Name>
    readonly search: URLSearchParams
    readonly body: unknown
    readonly version: APIVersion
  },
): RouteAnswer<Name> {
  const accepted = queryParameters[name]
  const search = withinLimit(request.search, instance)
  const query = accepted
    ? valueOf(accepted === 'all' ? readListQuery(search) : readListQuery(search, accepted))
    : {}
  const body = valueOf(bodyReaders[name](request.body))
  return handlers[name](instance, { params: request.params, query, body, version: request.version })
}

function valueOf<T>(reading: RequestReading<T>): T {
  if (reading.ok) return reading.value
  throw new Failure(422, reading.errors)
}

/** The switch for what GET /users was once seen to do: a limit over the maximum reads as the default. */
function withinLimit(search: URLSearchParams, { rules }: Instance): URLSearchParams {
  if (rules.limitOverflow === 'refuse') return search
  const limit = search.get('limit')
  if (limit === null || !/^\d+$/.test(limit) || Number(limit) <= 500) return search
  const without = new URLSearchParams(search)
  without.delete('limit')
  return without
}

function organizationOf({ store }: Instance, id: string): OrganizationRecord {
  const organization = store.organizations.get(id)
  if (organization === undefined) throw failures.organization()
  return organization
}

function roleOf({ store, rules }: Instance, organization: OrganizationRecord, given: string): Role {
  const key = roleKeyOf(given, rules)
  const role = store.roles.get(key)
  if (role === undefined || organization.roleKeys?.has(key) === false) throw failures.role()
  return role
}

function membershipOf(organization: OrganizationRecord, userId: string): MembershipRecord {
  const membership = organization.members.get(userId)
  if (membership === undefined) throw failures.membership()
  return membership
}

function assertNotLastAdmin(
  { rules }: Instance,
  { role, organization }: MembershipRecord,
  version: APIVersion,
): void {
  if (!role.isElevated || organization.elevatedMembers > 1) return
  if (keepsLastAdmin(rules, version)) throw failures.lastElevatedMember()
}

/** `updated_at` never stands still, even for two writes in one millisecond. */
function laterThan({ updatedAt }: MembershipRecord, { clock }: Instance): number {
  return Math.max(clock.now(), updatedAt + 1)
}
