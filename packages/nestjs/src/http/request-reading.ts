import type { OrganizationMembershipQuery } from '@org-memberships/core'
import {
  type ClerkErrorJSON,
  type CreateMembershipBodyJSON,
  listParameters,
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
export type MembershipListFilter = Exclude<
  keyof OrganizationMembershipQuery,
  'limit' | 'offset' | 'orderBy'
>

const alwaysOpen = ['limit', 'offset', 'orderBy', 'role', 'query', 'userId'] as const

/** The list parameters that a mount with these filters takes. */
export function openParameters(
  filters: readonly MembershipListFilter[],
): (keyof OrganizationMembershipQuery)[] {
  return [...new Set([...alwaysOpen, ...filters])]
}

/** A filter that the API knows and that is not open here is refused: to ignore it would show more than was asked for. */
export function readQuery(
  { url }: MembershipRequest,
  filters: readonly MembershipListFilter[],
): OrganizationMembershipQuery {
  const start = url.indexOf('?')
  // From the URL itself, since the adapters' own parsers differ.
  const search = new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
  const open = openParameters(filters)
  const closed = Object.entries(listParameters)
    .filter(([key, { name }]) => !open.some((each) => each === key) && search.has(name))
    .map(([, { name }]) => requestErrors.unknown(name))
  return valueOf(readListQuery(search, open), closed)
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
