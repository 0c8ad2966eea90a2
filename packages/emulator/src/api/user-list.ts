import type { OrganizationMembershipQuery } from '@org-memberships/core'
import { type ClerkErrorJSON, listLimits, requestErrors } from '@org-memberships/core/contract'
import { matcherOf } from '../store/listing.js'
import type { UserRecord } from '../store/records.js'
import type { UserRow } from '../store/rows.js'
import { contactFilters, contactsOf } from '../store/user-index.js'
import { Failure } from './failures.js'
import type { Instance } from './instance.js'
import { readQuery } from './list-query.js'

// Every parameter that `GET /users` is documented to take. Two of them match nobody: users here have no external
// accounts. A value of the wrong form is answered 422.

const sharedParameters = [
  'limit',
  'offset',
  'userId',
  ...(Object.keys(contactFilters) as (keyof typeof contactFilters)[]),
  'query',
  'emailAddressQuery',
  'phoneNumberQuery',
  'usernameQuery',
  'nameQuery',
  'lastActiveAtBefore',
  'lastActiveAtAfter',
  'createdAtBefore',
  'createdAtAfter',
] as const satisfies readonly (keyof OrganizationMembershipQuery)[]

/** One page of users. */
export function findUsers(instance: Instance, search: URLSearchParams): UserRecord[] {
  const query = readQuery(search, sharedParameters)
  const { limit = listLimits.defaultLimit, offset = 0 } = query
  const order = readUserOrder(search.get('order_by') ?? '-created_at')
  const sorted = usersMatching(instance, search, query).toSorted(compareBy(order))
  const after = search.get('starting_after')
  if (after === null) return sorted.slice(offset, offset + limit)
  if (order.field !== 'created_at' || offset !== 0) {
    throw refusal(requestErrors.wrongValue('starting_after', after))
  }
  const start = sorted.findIndex(({ row }) => row.id === after) + 1
  if (start === 0) throw refusal(requestErrors.wrongValue('starting_after', after))
  return sorted.slice(start, start + limit)
}

export function countMatchingUsers(instance: Instance, search: URLSearchParams): number {
  return usersMatching(instance, search, readQuery(search, sharedParameters)).length
}

function usersMatching(
  instance: Instance,
  search: URLSearchParams,
  query: OrganizationMembershipQuery,
): UserRecord[] {
  const questions: ((user: UserRecord) => boolean)[] = []
  const userId = choiceOf(textsOf(query.userId))
  if (userId) questions.push(({ row }) => userId(row.id))
  const externalId = choiceOf(readTexts(search, 'external_id'))
  if (externalId) questions.push(({ row }) => externalId(row.external_id ?? ''))
  const organizationId = choiceOf(readTexts(search, 'organization_id'))
  if (organizationId) {
    questions.push(({ memberships }) =>
      organizationId(...memberships.map(({ row }) => row.organization_id)),
    )
  }
  for (const [filter, contact] of Object.entries(contactFilters)) {
    const values = textsOf(query[filter as keyof typeof contactFilters])
    if (values.length === 0) continue
    const wanted = new Set(values.map((value) => value.toLowerCase()))
    questions.push(({ row }) =>
      contactsOf(row, contact).some((own) => wanted.has(own.toLowerCase())),
    )
  }
  const matches = matcherOf(query)
  if (matches) questions.push(({ row }) => matches(row))
  const banned = readFlag(search, 'banned')
  if (banned !== undefined) questions.push(({ row }) => row.banned === banned)
  // A sign-in is not told apart from activity here.
  for (const name of ['last_active_at_since', 'last_sign_in_at_after']) {
    const after = readTime(search, name)
    if (after !== undefined) questions.push(({ row }) => (row.last_active_at ?? -Infinity) > after)
  }
  const before = readTime(search, 'last_sign_in_at_before')
  if (before !== undefined) questions.push(({ row }) => (row.last_active_at ?? Infinity) < before)
  if (search.has('provider') || search.has('provider_user_id')) questions.push(() => false)
  return Array.from(instance.store.users).filter((user) => questions.every((ask) => ask(user)))
}

/** Values after a `-` are excluded, the others (a `+` may stand before them) included. */
function choiceOf(values: readonly string[]): ((...own: string[]) => boolean) | undefined {
  if (values.length === 0) return undefined
  const excluded = new Set(
    values.filter((value) => value.startsWith('-')).map((value) => value.slice(1)),
  )
  const included = new Set(
    values.filter((value) => !value.startsWith('-')).map((value) => value.replace(/^[+ ]/, '')),
  )
  return (...own) =>
    !own.some((value) => excluded.has(value)) &&
    (included.size === 0 || own.some((value) => included.has(value)))
}

const orderFields = {
  created_at: (row) => row.created_at,
  updated_at: (row) => row.updated_at,
  email_address: (row) => row.email_address[0],
  web3wallet: (row) => row.web3_wallet[0],
  first_name: (row) => row.first_name,
  last_name: (row) => row.last_name,
  phone_number: (row) => row.phone_number[0],
  username: (row) => row.username,
  last_active_at: (row) => row.last_active_at,
  last_sign_in_at: (row) => row.last_active_at,
} as const satisfies { [field: string]: (row: UserRow) => string | number | null | undefined }

interface UserOrder {
  readonly field: keyof typeof orderFields
  readonly isDescending: boolean
}

function readUserOrder(text: string): UserOrder {
  const field = text.replace(/^[+ -]/, '')
  if (!Object.hasOwn(orderFields, field)) throw refusal(requestErrors.wrongValue('order_by', text))
  return { field: field as UserOrder['field'], isDescending: text.startsWith('-') }
}

/** As on the membership lists: letter case does not count, a missing value comes last, age and id break ties. */
function compareBy({ field, isDescending }: UserOrder) {
  const valueOf = (row: UserRow) => {
    const value = orderFields[field](row)
    return typeof value === 'string' ? value.toLowerCase() : value
  }
  const compare = ({ row: a }: UserRecord, { row: b }: UserRecord): number =>
    compareValues(valueOf(a), valueOf(b)) ||
    a.created_at - b.created_at ||
    compareValues(a.id, b.id)
  return isDescending ? (a: UserRecord, b: UserRecord) => compare(b, a) : compare
}

type Value = string | number | null | undefined

function compareValues(a: Value, b: Value): number {
  if (a === b) return 0
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1
  if (b === null || b === undefined) return -1
  return a < b ? -1 : 1
}

function readTexts(search: URLSearchParams, name: string): string[] {
  const values = search.getAll(name)
  const { maximumValues } = listLimits
  if (values.length > maximumValues) throw refusal(requestErrors.tooMany(name, maximumValues))
  return values
}

function readFlag(search: URLSearchParams, name: string): boolean | undefined {
  const text = search.get(name)
  if (text === null) return undefined
  if (text !== 'true' && text !== 'false') throw refusal(requestErrors.wrongValue(name, text))
  return text === 'true'
}

function readTime(search: URLSearchParams, name: string): number | undefined {
  const text = search.get(name)
  if (text === null) return undefined
  if (!/^-?\d{1,19}$/.test(text)) throw refusal(requestErrors.wrongValue(name, text))
  return Number(text)
}

function textsOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

function refusal(error: ClerkErrorJSON): Failure {
  return new Failure(422, error)
}
