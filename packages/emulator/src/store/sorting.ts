import type { Comparators, OrderField } from './orders.js'
import type { MembershipRecord } from './records.js'

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

export function compareBy(order: Order): (a: MembershipRecord, b: MembershipRecord) => number {
  const compare = comparators[order.field]
  return order.isDescending ? (a, b) => compare(b, a) : compare
}

export const comparators: Comparators<MembershipRecord> = {
  created_at: compareAge,
  phone_number: compareText(({ user }) => user.row.phone_number[0]),
  email_address: compareText(({ user }) => user.row.email_address[0]),
  first_name: compareText(({ user }) => user.row.first_name),
  last_name: compareText(({ user }) => user.row.last_name),
  username: compareText(({ user }) => user.row.username),
}

/** Ids break ties, so that pages are stable (contract, section 3). */
function compareAge({ row: a }: MembershipRecord, { row: b }: MembershipRecord): number {
  return a.created_at - b.created_at || compareStrings(a.id, b.id)
}

/**
 * Upwards: letter case does not count, the rest is by code unit, and who has no value comes last, as in PostgreSQL. Not
 * by the customs of a language: those differ between machines, and a test's order must not.
 */
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
