import type { MetadataJSON } from '@org-memberships/core'
import { MembershipOrders } from './orders.js'
import type { MembershipRecord, OrganizationRecord, UserRecord } from './records.js'
import type { Role } from './roles.js'
import { UserIndex } from './user-index.js'

export type MembershipFields = Omit<MembershipRecord, 'organization' | 'user'>
export type OrganizationFields = Omit<OrganizationRecord, 'members' | 'orders' | 'elevatedMembers'>
export type UserFields = Omit<UserRecord, 'memberships'>

/** What happened to a membership, told right after it happened. */
export type ChangeKind = 'created' | 'updated' | 'deleted'

/**
 * Everything an emulated instance holds, indexed so that reading a page, finding a member and writing cost the same at
 * a hundred members and at a million. Every change is synchronous and whole: no request sees half of one.
 */
export class Store {
  readonly roles: ReadonlyMap<string, Role>
  readonly users = new UserIndex()
  readonly organizations = new Map<string, OrganizationRecord>()
  /** All memberships of the instance. */
  readonly orders = new MembershipOrders(() => this.memberships())
  #membershipCount = 0

  constructor(roles: Iterable<Role>) {
    this.roles = new Map(Array.from(roles, (role) => [role.key, role]))
  }

  get membershipCount(): number {
    return this.#membershipCount
  }

  *memberships(): Generator<MembershipRecord> {
    for (const organization of this.organizations.values()) yield* organization.members.values()
  }

  addUser(fields: UserFields): UserRecord {
    const user: UserRecord = { ...fields, memberships: [] }
    this.users.add(user)
    return user
  }

  addOrganization(fields: OrganizationFields): OrganizationRecord {
    const members = new Map<string, MembershipRecord>()
    const organization: OrganizationRecord = {
      ...fields,
      members,
      orders: new MembershipOrders(() => members.values()),
      elevatedMembers: 0,
    }
    this.organizations.set(organization.id, organization)
    return organization
  }

  addMembership(
    organization: OrganizationRecord,
    user: UserRecord,
    fields: MembershipFields,
  ): MembershipRecord {
    const membership: MembershipRecord = {
      id: fields.id,
      organization,
      user,
      role: fields.role,
      publicMetadata: fields.publicMetadata,
      privateMetadata: fields.privateMetadata,
      createdAt: fields.createdAt,
      updatedAt: fields.updatedAt,
    }
    organization.members.set(user.id, membership)
    organization.orders.add(membership)
    user.memberships.push(membership)
    this.orders.add(membership)
    if (membership.role.isElevated) organization.elevatedMembers += 1
    this.#membershipCount += 1
    return membership
  }

  setRole(membership: MembershipRecord, role: Role, updatedAt: number): void {
    const { organization } = membership
    organization.elevatedMembers += Number(role.isElevated) - Number(membership.role.isElevated)
    membership.role = role
    membership.updatedAt = updatedAt
  }

  setMetadata(
    membership: MembershipRecord,
    publicMetadata: MetadataJSON,
    privateMetadata: MetadataJSON,
    updatedAt: number,
  ): void {
    membership.publicMetadata = publicMetadata
    membership.privateMetadata = privateMetadata
    membership.updatedAt = updatedAt
  }

  removeMembership(membership: MembershipRecord): void {
    const { organization, user } = membership
    organization.members.delete(user.id)
    organization.orders.delete(membership)
    user.memberships.splice(user.memberships.indexOf(membership), 1)
    this.orders.delete(membership)
    if (membership.role.isElevated) organization.elevatedMembers -= 1
    this.#membershipCount -= 1
  }
}
