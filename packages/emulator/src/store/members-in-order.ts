import { Orders } from './orders.js'
import type { MembershipRecord } from './records.js'
import { comparators } from './sorting.js'

/** Each selection of roles that is kept costs every write a little. */
const keptSelections = 8

/**
 * The memberships of one organization, or of the instance, in every order that somebody asked for: all of them, and
 * those with some roles. A list by role then costs the same however many members have other roles.
 */
export class MembersInOrder {
  readonly #all: () => Iterable<MembershipRecord>
  readonly #whole: Orders<MembershipRecord>
  /** By their role keys, those asked for last at the end. */
  readonly #selections = new Map<string, Selection>()

  constructor(all: () => Iterable<MembershipRecord>) {
    this.#all = all
    this.#whole = new Orders(all, comparators)
  }

  /** @param roles keys; none means every role */
  withRoles(roles: ReadonlySet<string>): Orders<MembershipRecord> {
    if (roles.size === 0) return this.#whole
    const key = [...roles].toSorted().join(' ')
    const kept = this.#selections.get(key)
    const selection = kept ?? { roles, orders: new Orders(() => this.#having(roles), comparators) }
    this.#selections.delete(key)
    this.#selections.set(key, selection)
    const [oldest] = this.#selections.keys()
    if (this.#selections.size > keptSelections) this.#selections.delete(oldest as string)
    return selection.orders
  }

  add(membership: MembershipRecord): void {
    this.#whole.add(membership)
    for (const { roles, orders } of this.#selections.values()) {
      if (roles.has(membership.row.role)) orders.add(membership)
    }
  }

  delete(membership: MembershipRecord): void {
    this.#whole.delete(membership)
    this.#leave(membership)
  }

  /** Changes a role; the membership keeps its place in all other orders. */
  changeRole(membership: MembershipRecord, change: () => void): void {
    this.#leave(membership)
    change()
    for (const { roles, orders } of this.#selections.values()) {
      if (roles.has(membership.row.role)) orders.add(membership)
    }
  }

  #leave(membership: MembershipRecord): void {
    for (const { roles, orders } of this.#selections.values()) {
      if (roles.has(membership.row.role)) orders.delete(membership)
    }
  }

  *#having(roles: ReadonlySet<string>): Generator<MembershipRecord> {
    for (const membership of this.#all()) if (roles.has(membership.row.role)) yield membership
  }
}

interface Selection {
  readonly roles: ReadonlySet<string>
  readonly orders: Orders<MembershipRecord>
}
