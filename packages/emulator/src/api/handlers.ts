import type { OrganizationMembershipQuery } from '@org-memberships/core'
import {
  listLimits,
  readCreateBody,
  readUpdateBody,
  readUpdateMetadataBody,
  type RequestReading,
  type RouteAnswer,
  type RouteBody,
  type RouteName,
  type RouteParameters,
} from '@org-memberships/core/contract'
import { listMemberships, pageOf } from '../store/listing.js'
import { defaultOrder } from '../store/sorting.js'
import {
  type MembershipRecord,
  type OrganizationRecord,
  pendingInvitations,
  type UserRecord,
} from '../store/records.js'
import type { Role } from '../store/roles.js'
import { Failure, failures } from './failures.js'
import type { Instance } from './instance.js'
import { readQuery } from './list-query.js'
import { mergedMetadata } from './metadata-size.js'
import { addMembership, removeMembership, updateMembership } from './membership-changes.js'
import { toMembershipsJSON } from './presentation.js'
import { keepsLastAdmin } from './rules.js'
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
    const { store, rules } = instance
    const metadata = mergedMetadata({ public_metadata: {}, private_metadata: {} }, body)
    const organization = organizationOf(instance, params.organization_id)
    const role = roleOf(instance, organization, body.role)
    const user = store.users.get(body.user_id)
    if (user === undefined) throw failures.user(body.user_id)
    if (organization.members.has(body.user_id)) throw failures.alreadyMember(body.user_id)
    if (rules.exclusiveMembership && user.memberships.length > 0) {
      throw failures.exclusiveMembership()
    }
    const { max_allowed_memberships: maximum } = organization.row
    if (maximum > 0 && organization.members.size + pendingInvitations(organization) >= maximum) {
      throw failures.quota(maximum)
    }
    return addMembership(instance, organization, body.user_id, role, metadata)
  },

  list(instance, { params, query }) {
    const store = instance.listStore()
    const organization = store.organizations.get(params.organization_id)
    if (organization === undefined) throw failures.organization()
    const { members, inOrder } = organization
    const scope = {
      inOrder,
      users: store.users,
      roles: store.roles,
      membershipsOf: ({ row }: UserRecord) => {
        const membership = members.get(row.id)
        return membership === undefined ? [] : [membership]
      },
    }
    return toMembershipsJSON(listMemberships(scope, query))
  },

  update(instance, { params, body, version }) {
    const organization = organizationOf(instance, params.organization_id)
    const role = roleOf(instance, organization, body.role)
    const membership = membershipOf(organization, params.user_id)
    assertNotManaged(membership)
    if (!role.isElevated) assertNotLastAdmin(instance, membership, version)
    return updateMembership(instance, membership, { role: role.key })
  },

  updateMetadata(instance, { params, body }) {
    const membership = membershipOf(
      organizationOf(instance, params.organization_id),
      params.user_id,
    )
    return updateMembership(instance, membership, mergedMetadata(membership.row, body))
  },

  delete(instance, { params, version }) {
    const membership = membershipOf(
      organizationOf(instance, params.organization_id),
      params.user_id,
    )
    assertNotManaged(membership)
    assertNotLastAdmin(instance, membership, version)
    if (!instance.rules.personalAccounts && membership.user.memberships.length === 1) {
      throw failures.personalAccount()
    }
    return removeMembership(instance, membership)
  },

  listForInstance(instance, { query }) {
    const store = instance.listStore()
    const scope = {
      inOrder: store.inOrder,
      users: store.users,
      roles: store.roles,
      membershipsOf: ({ memberships }: UserRecord) => memberships,
    }
    return toMembershipsJSON(listMemberships(scope, query))
  },

  listForUser(instance, { params, query }) {
    const user = instance.listStore().users.get(params.user_id)
    if (user === undefined) throw failures.user(params.user_id)
    const { limit = listLimits.defaultLimit, offset = 0 } = query
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
  const query = accepted ? readQuery(request.search, accepted === 'all' ? undefined : accepted) : {}
  const body = valueOf(bodyReaders[name](request.body))
  return handlers[name](instance, { params: request.params, query, body, version: request.version })
}

function valueOf<T>(reading: RequestReading<T>): T {
  if (reading.ok) return reading.value
  throw new Failure(422, reading.errors)
}

function organizationOf({ store }: Instance, id: string): OrganizationRecord {
  const organization = store.organizations.get(id)
  if (organization === undefined) throw failures.organization()
  return organization
}

function roleOf({ store }: Instance, { row }: OrganizationRecord, key: string): Role {
  const role = store.roles.get(key)
  if (role === undefined || row.roles?.includes(key) === false) throw failures.role()
  return role
}

function membershipOf(organization: OrganizationRecord, userId: string): MembershipRecord {
  const membership = organization.members.get(userId)
  if (membership === undefined) throw failures.membership()
  return membership
}

/** What a directory (SCIM) manages is changed there (contract, section 7). */
function assertNotManaged({ row }: MembershipRecord): void {
  if (row.managed_by_scim === true) throw failures.managedByDirectory()
}

function assertNotLastAdmin(
  { rules }: Instance,
  { role, organization }: MembershipRecord,
  version: APIVersion,
): void {
  if (!role.isElevated || organization.elevatedMembers > 1) return
  if (keepsLastAdmin(rules, version)) throw failures.lastElevatedMember()
}
