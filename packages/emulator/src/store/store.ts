import type { MetadataJSON } from '@org-memberships/core'
import { comparators } from './sorting.js'
import { Orders } from './orders.js'
import type { MembershipRecord, OrganizationRecord, UserRecord } from './records.js'
import type { Role } from './roles.js'
import { UserIndex } from './user-index.js'

export type OrganizationFields = Omit<OrganizationRecord, 'members' | 'orders' | 'elevatedMembers'>

/** What happened to a membership, told right after it happened. */
export type ChangeKind = 'created' | 'updated' | 'deleted'

/** A membership's changing fields. */
type State = Pick<MembershipRecord, 'role' | 'publicMetadata' | 'privateMetadata' | 'updatedAt'>

const noMemberships: readonly MembershipRecord[] = []

/**
 * Everything an emulated instance holds, indexed so that reading a page, finding a member and writing cost the same at
 * a hundred members and at a million. Every change is synchronous and whole: no request sees half of one.
 */
export class Store {
  readonly roles: ReadonlyMap<string, Role>
  readonly users = new UserIndex()
  readonly organizations = new Map<string, OrganizationRecord>()
  /** All memberships of the instance. */
  readonly orders = new Orders(() => this.memberships(), comparators)
  #membershipCount = 0
  /** What `revert` undoes; `undefined` until `settle`. */
  #changes: Changes | undefined

  constructor(roles: Iterable<Role>) {
    this.roles = new Map(Array.from(roles, (role) => [role.key, role]))
  }

  get membershipCount(): number {
    return this.#membershipCount
  }

  *memberships(): Generator<MembershipRecord> {
    for (const organization of this.organizations.values()) yield* organization.members.values()
  }

  addUser(user: UserRecord): void {
    this.users.add(user)
  }

  addOrganization(fields: OrganizationFields): OrganizationRecord {
    const members = new Map<string, MembershipRecord>()
    const organization: OrganizationRecord = {
      ...fields,
      members,
      orders: new Orders(() => members.values(), comparators),
      elevatedMembers: 0,
    }
    this.organizations.set(organization.id, organization)
    return organization
  }

  addMembership(membership: MembershipRecord): void {
    this.#link(membership)
    this.#changes?.added.add(membership)
  }

  setRole(membership: MembershipRecord, role: Role, updatedAt: number): void {
    this.#remember(membership)
    this.#assign(membership, { ...stateOf(membership), role, updatedAt })
  }

  setMetadata(
    membership: MembershipRecord,
    publicMetadata: MetadataJSON,
    privateMetadata: MetadataJSON,
    updatedAt: number,
  ): void {
    this.#remember(membership)
    this.#assign(membership, { role: membership.role, publicMetadata, privateMetadata, updatedAt })
  }

  removeMembership(membership: MembershipRecord): void {
    this.#unlink(membership)
    if (this.#changes === undefined || this.#changes.added.delete(membership)) return
    this.#changes.removed.add(membership)
  }

  /** Takes the store as it is for what `revert` goes back to. */
  settle(): void {
    this.#changes = newChanges()
  }

  /** Undoes every change since `settle`; costs what the changes cost, not what the store holds. */
  revert(): void {
    if (this.#changes === undefined) return
    const { added, removed, states } = this.#changes
    for (const membership of added) this.#unlink(membership)
    for (const membership of removed) this.#link(membership)
    for (const [membership, state] of states) this.#assign(membership, state)
    this.settle()
  }

  /** What `settle` did not see: who is gone, and who came or changed. */
  changed(): { readonly removed: Iterable<MembershipRecord>; readonly put: MembershipRecord[] } {
    const { added, removed, states } = this.#changes ?? newChanges()
    const altered = [...states.keys()].filter((membership) => !removed.has(membership))
    return { removed, put: [...altered, ...added] }
  }

  #link(membership: MembershipRecord): void {
    const { organization, user } = membership
    organization.members.set(user.id, membership)
    organization.orders.add(membership)
    user.memberships = [...user.memberships, membership]
    this.orders.add(membership)
    if (membership.role.isElevated) organization.elevatedMembers += 1
    this.#membershipCount += 1
  }

  #unlink(membership: MembershipRecord): void {
    const { organization, user } = membership
    organization.members.delete(user.id)
    organization.orders.delete(membership)
    const others = user.memberships.filter((other) => other !== membership)
    user.memberships = others.length === 0 ? noMemberships : others
    this.orders.delete(membership)
    if (membership.role.isElevated) organization.elevatedMembers -= 1
    this.#membershipCount -= 1
  }

  /** Only for a linked membership, whose role counts. */
  #assign(membership: MembershipRecord, state: State): void {
    const { organization, role } = membership
    organization.elevatedMembers += Number(state.role.isElevated) - Number(role.isElevated)
    Object.assign(membership, state)
  }

  /** Keeps the first state of a membership that was there at `settle`. */
  #remember(membership: MembershipRecord): void {
    if (this.#changes === undefined) return
    const { added, states } = this.#changes
    if (!added.has(membership) && !states.has(membership)) {
      states.set(membership, stateOf(membership))
    }
  }
}

interface Changes {
  readonly added: Set<MembershipRecord>
  readonly removed: Set<MembershipRecord>
  readonly states: Map<MembershipRecord, State>
}

function newChanges(): Changes {
  return { added: new Set(), removed: new Set(), states: new Map() }
}

function stateOf({ role, publicMetadata, privateMetadata, updatedAt }: MembershipRecord): State {
  return { role, publicMetadata, privateMetadata, updatedAt }
}
