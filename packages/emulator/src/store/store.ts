import { MembersInOrder } from './members-in-order.js'
import type { MembershipRecord, OrganizationRecord } from './records.js'
import type { Role } from './roles.js'
import type {
  Change,
  InvitationPlace,
  InvitationRow,
  MembershipPlace,
  MembershipRow,
  OrganizationRow,
  UserRow,
} from './rows.js'
import { UserIndex } from './user-index.js'

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
  readonly inOrder = new MembersInOrder(() => this.memberships())
  #membershipCount = 0
  /** For each row that changed since `settle`: the change that brings the old one back. `undefined` until `settle`. */
  #undo: Map<string, Change> | undefined

  constructor(roles: Iterable<Role>) {
    this.roles = new Map(Array.from(roles, (role) => [role.key, role]))
  }

  get membershipCount(): number {
    return this.#membershipCount
  }

  *memberships(): Generator<MembershipRecord> {
    for (const organization of this.organizations.values()) yield* organization.members.values()
  }

  membership({ organization_id, user_id }: MembershipPlace): MembershipRecord | undefined {
    return this.organizations.get(organization_id)?.members.get(user_id)
  }

  /**
   * A row that belongs to a user or an organization which is not there is left out. Removing a user or an organization
   * removes its memberships first, each by a change of its own.
   */
  apply(change: Change): void {
    this.#remember(change)
    if ('put' in change) this.#putMembership(change.put)
    else if ('remove' in change) this.#removeMembership(change.remove)
    else if ('put_user' in change) this.#putUser(change.put_user)
    else if ('remove_user' in change) this.users.delete(change.remove_user)
    else if ('put_organization' in change) this.#putOrganization(change.put_organization)
    else if ('remove_organization' in change) this.organizations.delete(change.remove_organization)
    else if ('put_invitation' in change) this.#putInvitation(change.put_invitation)
    else this.#invitations(change.remove_invitation)?.delete(change.remove_invitation.id)
  }

  /** Takes the store as it is for what `revert` goes back to. */
  settle(): void {
    this.#undo = new Map()
  }

  /** Undoes every change since `settle`; costs what the changes cost, not what the store holds. */
  revert(): void {
    const undo = inSafeOrder(this.#undo?.values() ?? [])
    this.#undo = undefined
    for (const change of undo) this.apply(change)
    this.settle()
  }

  /** The changes from the state at `settle` to this one. */
  changed(): Change[] {
    return inSafeOrder(Array.from(this.#undo?.values() ?? [], (change) => this.#currentOf(change)))
  }

  #putUser(row: UserRow): void {
    const user = this.users.get(row.id)
    if (user === undefined) {
      this.users.add({ row, memberships: noMemberships })
      return
    }
    // Names and contacts decide the place in some orders, so the memberships leave them for the change.
    for (const membership of user.memberships) this.#leaveOrders(membership)
    user.row = row
    this.users.changed()
    for (const membership of user.memberships) this.#enterOrders(membership)
  }

  #putOrganization(row: OrganizationRow): void {
    const organization = this.organizations.get(row.id)
    if (organization !== undefined) {
      organization.row = row
      return
    }
    const members = new Map<string, MembershipRecord>()
    this.organizations.set(row.id, {
      row,
      members,
      invitations: new Map(),
      inOrder: new MembersInOrder(() => members.values()),
      elevatedMembers: 0,
    })
  }

  #putInvitation(row: InvitationRow): void {
    this.#invitations(row)?.set(row.id, row)
  }

  #putMembership(row: MembershipRow): void {
    const there = this.membership(row)
    const role = this.roles.get(row.role) as Role
    if (there !== undefined && isSamePlace(there.row, row)) {
      this.#changeRow(there, row, role)
      return
    }
    if (there !== undefined) this.#removeMembership(row)
    const organization = this.organizations.get(row.organization_id)
    const user = this.users.get(row.user_id)
    if (organization === undefined || user === undefined) return
    const membership: MembershipRecord = { row, role, organization, user }
    organization.members.set(row.user_id, membership)
    user.memberships = [...user.memberships, membership]
    if (role.isElevated) organization.elevatedMembers += 1
    this.#membershipCount += 1
    this.#enterOrders(membership)
  }

  #changeRow(membership: MembershipRecord, row: MembershipRow, role: Role): void {
    const { organization } = membership
    organization.elevatedMembers += Number(role.isElevated) - Number(membership.role.isElevated)
    const change = () => {
      membership.row = row
      membership.role = role
    }
    if (row.role === membership.row.role) change()
    else {
      this.inOrder.changeRole(membership, () => organization.inOrder.changeRole(membership, change))
    }
  }

  #removeMembership(place: MembershipPlace): void {
    const membership = this.membership(place)
    if (membership === undefined) return
    const { organization, user } = membership
    organization.members.delete(place.user_id)
    const others = user.memberships.filter((other) => other !== membership)
    user.memberships = others.length === 0 ? noMemberships : others
    if (membership.role.isElevated) organization.elevatedMembers -= 1
    this.#membershipCount -= 1
    this.#leaveOrders(membership)
  }

  #enterOrders(membership: MembershipRecord): void {
    membership.organization.inOrder.add(membership)
    this.inOrder.add(membership)
  }

  #leaveOrders(membership: MembershipRecord): void {
    membership.organization.inOrder.delete(membership)
    this.inOrder.delete(membership)
  }

  #invitations({ organization_id }: InvitationPlace) {
    return this.organizations.get(organization_id)?.invitations
  }

  #remember(change: Change): void {
    if (this.#undo === undefined) return
    const key = keyOf(change)
    if (!this.#undo.has(key)) this.#undo.set(key, this.#currentOf(change))
  }

  /** What this store holds where a change is made, as the change that would bring it about. */
  #currentOf(change: Change): Change {
    if ('put' in change || 'remove' in change) {
      const { organization_id, user_id } = 'put' in change ? change.put : change.remove
      const there = this.membership({ organization_id, user_id })
      return there ? { put: there.row } : { remove: { organization_id, user_id } }
    }
    if ('put_user' in change || 'remove_user' in change) {
      const id = 'put_user' in change ? change.put_user.id : change.remove_user
      const there = this.users.get(id)
      return there ? { put_user: there.row } : { remove_user: id }
    }
    if ('put_organization' in change || 'remove_organization' in change) {
      const id =
        'put_organization' in change ? change.put_organization.id : change.remove_organization
      const there = this.organizations.get(id)
      return there ? { put_organization: there.row } : { remove_organization: id }
    }
    const { organization_id, id } =
      'put_invitation' in change ? change.put_invitation : change.remove_invitation
    const there = this.#invitations({ organization_id, id })?.get(id)
    return there ? { put_invitation: there } : { remove_invitation: { organization_id, id } }
  }
}

/** Two rows that stand at the same place in every order. */
function isSamePlace(a: MembershipRow, b: MembershipRow): boolean {
  return a.id === b.id && a.created_at === b.created_at
}

function keyOf(change: Change): string {
  if ('put' in change) return placeKey(change.put)
  if ('remove' in change) return placeKey(change.remove)
  if ('put_user' in change) return `user ${change.put_user.id}`
  if ('remove_user' in change) return `user ${change.remove_user}`
  if ('put_organization' in change) return `organization ${change.put_organization.id}`
  if ('remove_organization' in change) return `organization ${change.remove_organization}`
  const { id } = 'put_invitation' in change ? change.put_invitation : change.remove_invitation
  return `invitation ${id}`
}

function placeKey({ organization_id, user_id }: MembershipPlace): string {
  return JSON.stringify([organization_id, user_id])
}

const steps = [
  'remove_invitation',
  'remove',
  'remove_user',
  'remove_organization',
  'put_user',
  'put_organization',
  'put',
  'put_invitation',
]

/** What others hang on comes before them, and goes after them. */
function inSafeOrder(changes: Iterable<Change>): Change[] {
  const stepOf = (change: Change) => steps.indexOf(Object.keys(change)[0] as string)
  return [...changes].toSorted((a, b) => stepOf(a) - stepOf(b))
}
