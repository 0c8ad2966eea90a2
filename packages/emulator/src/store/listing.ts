import type { OrganizationMembershipQuery } from '@org-memberships/core'
import { listLimits } from '@org-memberships/core/contract'
import { compareBy, type Order, readOrder } from './sorting.js'
import type { MembersInOrder } from './members-in-order.js'
import type { OrderedList } from './ordered-list.js'
import type { MembershipRecord, UserRecord } from './records.js'
import type { UserRow } from './rows.js'
import {
  type Contact,
  contactFilters,
  contactsOf,
  fullNameOf,
  searchTextOf,
  type UserIndex,
} from './user-index.js'

export interface MembershipRows {
  readonly rows: MembershipRecord[]
  /** All matches, before `limit` and `offset`. */
  readonly totalCount: number
}

/** What a list is taken from: the members of one organization, or all memberships of the instance. */
export interface ListScope {
  readonly inOrder: MembersInOrder
  readonly users: UserIndex
  /** The roles there are. */
  readonly roles: ReadonlyMap<string, unknown>
  /** The memberships of one user within the scope. */
  readonly membershipsOf: (user: UserRecord) => readonly MembershipRecord[]
}

/** One page, its filters and order as the contract's section 3 says. */
export function listMemberships(
  scope: ListScope,
  query: OrganizationMembershipQuery,
): MembershipRows {
  const order = readOrder(query.orderBy)
  const page: Page = {
    limit: query.limit ?? listLimits.defaultLimit,
    offset: query.offset ?? 0,
    order,
  }
  const { included, excluded } = readUserIds(query.userId)
  const askedRoles = textsOf(query.role)
  const roles = new Set(askedRoles.filter((role) => scope.roles.has(role)))
  if (askedRoles.length > 0 && roles.size === 0) return { rows: [], totalCount: 0 }
  const matches = matcherOf(query)

  const candidates = candidatesOf(scope, query, included)
  if (candidates !== undefined) {
    const rows = candidates.filter(
      (membership) =>
        (roles.size === 0 || roles.has(membership.row.role)) &&
        !excluded.has(membership.row.user_id) &&
        (matches?.(membership.user.row) ?? true),
    )
    return pageOf(rows, page)
  }
  const list = scope.inOrder.withRoles(roles).by(order.field)
  if (matches === undefined) {
    const gone = new Set<MembershipRecord>()
    for (const id of excluded) {
      const user = scope.users.get(id)
      for (const membership of user ? scope.membershipsOf(user) : []) {
        if (roles.size === 0 || roles.has(membership.row.role)) gone.add(membership)
      }
    }
    return pageWithout(list, gone, page)
  }
  return scan(list, ({ row, user }) => !excluded.has(row.user_id) && matches(user.row), page)
}

/** A page of few rows, sorted here. */
export function pageOf(
  rows: readonly MembershipRecord[],
  { limit, offset, order }: Page,
): MembershipRows {
  const sorted = rows.toSorted(compareBy(order))
  return { rows: sorted.slice(offset, offset + limit), totalCount: rows.length }
}

export interface Page {
  readonly limit: number
  readonly offset: number
  readonly order: Order
}

/** A `-` before an id excludes it; a `+`, or nothing, includes it. */
function readUserIds(value: OrganizationMembershipQuery['userId']) {
  const included = new Set<string>()
  const excluded = new Set<string>()
  for (const id of textsOf(value)) {
    if (id.startsWith('-')) excluded.add(id.slice(1))
    else included.add(id.replace(/^\+/, ''))
  }
  return { included, excluded }
}

/**
 * The few memberships that a filter by id or exact contact names, found through the indexes; `undefined` where no such
 * filter narrows the list. Several of them narrow each other.
 */
function candidatesOf(
  scope: ListScope,
  query: OrganizationMembershipQuery,
  included: ReadonlySet<string>,
): MembershipRecord[] | undefined {
  let users: Set<UserRecord> | undefined
  const narrow = (found: Iterable<UserRecord>) => {
    const narrowed = new Set<UserRecord>()
    for (const user of found) if (users === undefined || users.has(user)) narrowed.add(user)
    users = narrowed
  }
  if (included.size > 0) {
    narrow(Array.from(included, (id) => scope.users.get(id)).filter((user) => user !== undefined))
  }
  for (const [filter, contact] of Object.entries(contactFilters)) {
    const values = textsOf(query[filter as keyof typeof contactFilters])
    if (values.length > 0) narrow(values.flatMap((value) => scope.users.find(contact, value)))
  }
  return users && [...users].flatMap((user) => scope.membershipsOf(user))
}

/** The filters that have no index, as one question about a user; `undefined` where there are none. */
export function matcherOf(query: UserFilters): ((user: UserRow) => boolean) | undefined {
  const questions: ((user: UserRow) => boolean)[] = []
  const askText = (text: string | undefined, isIn: (user: UserRow, part: string) => boolean) => {
    if (text === undefined || text === '') return
    const part = text.toLowerCase()
    questions.push((user) => isIn(user, part))
  }
  askText(query.query, (user, part) => searchTextOf(user).includes(part))
  askText(query.emailAddressQuery, isInContact('email_address'))
  askText(query.phoneNumberQuery, isInContact('phone_number'))
  askText(query.usernameQuery, isInContact('username'))
  askText(query.nameQuery, (user, part) => fullNameOf(user).toLowerCase().includes(part))

  const { lastActiveAtBefore, lastActiveAtAfter, createdAtBefore, createdAtAfter } = query
  if (lastActiveAtBefore !== undefined) {
    questions.push((user) => (user.last_active_at ?? Infinity) < lastActiveAtBefore)
  }
  if (lastActiveAtAfter !== undefined) {
    questions.push((user) => (user.last_active_at ?? -Infinity) > lastActiveAtAfter)
  }
  if (createdAtBefore !== undefined) questions.push((user) => user.created_at < createdAtBefore)
  if (createdAtAfter !== undefined) questions.push((user) => user.created_at > createdAtAfter)

  if (questions.length === 0) return undefined
  return (user) => questions.every((question) => question(user))
}

export type UserFilters = Pick<
  OrganizationMembershipQuery,
  | 'query'
  | 'emailAddressQuery'
  | 'phoneNumberQuery'
  | 'usernameQuery'
  | 'nameQuery'
  | 'lastActiveAtBefore'
  | 'lastActiveAtAfter'
  | 'createdAtBefore'
  | 'createdAtAfter'
>

function isInContact(contact: Contact) {
  return (user: UserRow, part: string) =>
    contactsOf(user, contact).some((value) => value.toLowerCase().includes(part))
}

/** A page of all rows but a few: the excluded ones are stepped over by their positions, so the page costs no scan. */
function pageWithout(
  list: OrderedList<MembershipRecord>,
  gone: ReadonlySet<MembershipRecord>,
  { limit, offset, order }: Page,
): MembershipRows {
  const positions = Array.from(gone, (membership) =>
    order.isDescending ? list.size - 1 - list.rank(membership) : list.rank(membership),
  ).toSorted((a, b) => a - b)
  let start = offset
  for (const position of positions) if (position <= start) start += 1

  const wanted = limit + gone.size
  const rows = order.isDescending
    ? list
        .slice(Math.max(0, list.size - start - wanted), Math.min(wanted, list.size - start))
        .toReversed()
    : list.slice(start, wanted)
  return {
    rows: rows.filter((membership) => !gone.has(membership)).slice(0, limit),
    totalCount: list.size - gone.size,
  }
}

function scan(
  list: OrderedList<MembershipRecord>,
  matches: (membership: MembershipRecord) => boolean,
  { limit, offset, order }: Page,
): MembershipRows {
  const rows: MembershipRecord[] = []
  let totalCount = 0
  for (const membership of order.isDescending ? list.backwards() : list) {
    if (!matches(membership)) continue
    if (totalCount >= offset && rows.length < limit) rows.push(membership)
    totalCount += 1
  }
  return { rows, totalCount }
}

function textsOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
