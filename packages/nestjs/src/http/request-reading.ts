import type { OrganizationMembershipQuery } from '@org-memberships/core'
import {
  type ClerkErrorJSON,
  type CreateMembershipBodyJSON,
  listLimits,
  listParameters,
  orderFields,
  readCreateBody,
  readListQuery,
  readUpdateBody,
  readUpdateMetadataBody,
  requestErrors,
  type RequestReading,
  type UpdateMembershipBodyJSON,
  type UpdateMembershipMetadataBodyJSON,
} from '@org-memberships/core/contract'
import type { MembershipRequest } from '../access/membership-access.js'
import { refusal } from '../errors/refusal.js'
import type { RequestBody } from './request-body.js'

// Core says what the API accepts; this adds what a server that faces browsers refuses on top. Each function returns
// what was asked, or throws the answer.

/** A list filter, by its name in TypeScript, such as `emailAddress`. */
/** What a mount takes of a list's parameters. */
export interface ListRules {
  /** Filters that are open besides `role`, `query` and `userId`. */
  readonly filters: readonly MembershipListFilter[]
  /** Rows in one answer. */
  readonly maxLimit: number
}

export type MembershipListFilter = Exclude<
  keyof OrganizationMembershipQuery,
  'limit' | 'offset' | 'orderBy'
>

const alwaysOpen = ['limit', 'offset', 'orderBy', 'role', 'query', 'userId'] as const

/**
 * Fields by which a list is ordered only where a filter of the same field is open: the order tells something of a contact
 * that the answer may not show.
 */
const filtersOfField: { readonly [field: string]: readonly MembershipListFilter[] } = {
  phone_number: ['phoneNumber', 'phoneNumberQuery'],
  email_address: ['emailAddress', 'emailAddressQuery'],
  username: ['username', 'usernameQuery'],
}

/** The fields by which a mount with these filters orders. */
export function openOrderFields(filters: readonly MembershipListFilter[]): string[] {
  return orderFields.filter((field) => {
    const needed = filtersOfField[field]
    return needed === undefined || needed.some((filter) => filters.includes(filter))
  })
}

/** The list parameters that a mount with these filters takes. */
export function openParameters(
  filters: readonly MembershipListFilter[],
): (keyof OrganizationMembershipQuery)[] {
  return [...new Set([...alwaysOpen, ...filters])]
}

/** A filter that the API knows and that is not open here is refused: to ignore it would show more than was asked for. */
export function readQuery(
  { url }: MembershipRequest,
  { filters, maxLimit }: ListRules,
): OrganizationMembershipQuery {
  const start = url.indexOf('?')
  // From the URL itself, since the adapters' own parsers differ.
  const search = new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
  const open = openParameters(filters)
  const closed = Object.entries(listParameters)
    .filter(([key, { name }]) => !open.some((each) => each === key) && search.has(name))
    .map(([, { name }]) => requestErrors.unknown(name))
  const query = valueOf(readListQuery(search, open), closed)
  const { limit = Math.min(listLimits.defaultLimit, maxLimit), orderBy } = query
  const beyond = [
    ...(limit > maxLimit ? [tooManyRows(limit, maxLimit)] : []),
    ...(orderBy === undefined ? [] : closedOrder(orderBy, filters)),
  ]
  return valueOf({ ok: true, value: { ...query, limit } }, beyond)
}

function tooManyRows(limit: number, maxLimit: number): ClerkErrorJSON {
  return {
    ...requestErrors.wrongValue('limit', String(limit)),
    long_message: `limit must be at most ${maxLimit} on this server, and is ${limit}.`,
  }
}

function closedOrder(order: string, filters: readonly MembershipListFilter[]): ClerkErrorJSON[] {
  const open = openOrderFields(filters)
  if (open.includes(order.replace(/^[+-]/, ''))) return []
  return [
    {
      ...requestErrors.wrongValue('order_by', order),
      long_message: `order_by must be one of ${open.join(', ')} on this server, and is ${order}.`,
    },
  ]
}

export function readCreate(received: RequestBody): CreateMembershipBodyJSON {
  const body = objectOf(received)
  return valueOf(readCreateBody(body), privateMetadataErrors(body))
}

export function readUpdate(received: RequestBody): UpdateMembershipBodyJSON {
  const body = objectOf(received)
  return valueOf(readUpdateBody(body), privateMetadataErrors(body))
}

export function readUpdateMetadata(received: RequestBody): UpdateMembershipMetadataBodyJSON {
  const body = objectOf(received)
  return valueOf(readUpdateMetadataBody(body), privateMetadataErrors(body))
}

function valueOf<T>(reading: RequestReading<T>, own: readonly ClerkErrorJSON[]): T {
  if (reading.ok && own.length === 0) return reading.value
  throw refusal(422, ...(reading.ok ? [] : reading.errors), ...own)
}

function privateMetadataErrors(body: { [key: string]: unknown }): ClerkErrorJSON[] {
  return Object.hasOwn(body, 'private_metadata') ? [requestErrors.unknown('private_metadata')] : []
}

function objectOf(body: RequestBody): { [key: string]: unknown } {
  if (body.kind === 'unusable') throw body.reason
  return body.kind === 'object' ? body.value : {}
}
