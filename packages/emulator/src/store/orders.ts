import type { orderFields } from '@org-memberships/core'
import { OrderedList } from './ordered-list.js'
import type { MembershipRecord } from './records.js'

export type OrderField = (typeof orderFields)[number]

/** The order of a list: what it is sorted by, and which way. */
export interface Order {
  readonly field: OrderField
  readonly isDescending: boolean
}

/** Newest first (contract, section 3). */
export const defaultOrder: Order = { field: 'created_at', isDescending: true }

/** Reads `+created_at`, `-created_at` or `created_at`. */
export function readOrder(text: string | undefined): Order {
  if (text === undefined) return defaultOrder
  return {
    field: text.replace(/^[+-]/, '') as OrderField,
    isDescending: text.startsWith('-'),
  }
}

/**
 * The memberships of one organization, or of the instance, in every order that somebody asked for. Each order is
 * made at the first request for it and kept up to date from then on, so an order that nobody asks for costs nothing.
 */
export class MembershipOrders {
  readonly #lists = new Map<OrderField, OrderedList<MembershipRecord>>()
  readonly #all: () => Iterable<MembershipRecord>

  constructor(all: () => Iterable<MembershipRecord>) {
    this.#all = all
  }

  by(field: OrderField): OrderedList<MembershipRecord> {
    let list = this.#lists.get(field)
    if (list === undefined) {
      list = new OrderedList(this.#all(), comparators[field])
      this.#lists.set(field, list)
    }
    return list
  }

  add(membership: MembershipRecord): void {
    for (const list of this.#lists.values()) list.add(membership)
  }

  delete(membership: MembershipRecord): void {
    for (const list of this.#lists.values()) list.delete(membership)
  }
}

export function compareBy(order: Order): (a: MembershipRecord, b: MembershipRecord) => number {
  const compare = comparators[order.field]
  return order.isDescending ? (a, b) => compare(b, a) : compare
}

const comparators: {
  [Field in OrderField]: (a: MembershipRecord, b: MembershipRecord) => number
} = {
  created_at: compareAge,
  phone_number: compareText(({ user }) => user.phoneNumbers[0]),
  email_address: compareText(({ user }) => user.emailAddresses[0]),
  first_name: compareText(({ user }) => user.firstName),
  last_name: compareText(({ user }) => user.lastName),
  username: compareText(({ user }) => user.username),
}

/** Ids break ties, so that pages are stable (contract, section 3). */
function compareAge(a: MembershipRecord, b: MembershipRecord): number {
  return a.createdAt - b.createdAt || compareStrings(a.id, b.id)
}

/** Upwards: letter case does not count, and who has no value comes last, as in PostgreSQL. */
function compareText(read: (membership: MembershipRecord) => string | null | undefined) {
  return (a: MembershipRecord, b: MembershipRecord): number => {
    const textA = read(a) ?? undefined
    const textB = read(b) ?? undefined
    if (textA === textB) return compareAge(a, b)
    if (textA === undefined) return 1
    if (textB === undefined) return -1
    return compareStrings(textA.toLowerCase(), textB.toLowerCase()) || compareAge(a, b)
  }
}

function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
