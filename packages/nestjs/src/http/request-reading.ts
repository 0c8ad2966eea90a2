import type { OrganizationMembershipQuery } from '@org-memberships/core'
import {
  type ClerkErrorJSON,
  type CreateMembershipBodyJSON,
  isJSONObject,
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

export function readCreate(request: MembershipRequest): CreateMembershipBodyJSON {
  const body = readJSONBody(request)
  return valueOf(readCreateBody(body), privateMetadataErrors(body))
}

export function readUpdate(request: MembershipRequest): UpdateMembershipBodyJSON {
  const body = readJSONBody(request)
  return valueOf(readUpdateBody(body), privateMetadataErrors(body))
}

export function readUpdateMetadata(request: MembershipRequest): UpdateMembershipMetadataBodyJSON {
  const body = readJSONBody(request)
  return valueOf(readUpdateMetadataBody(body), privateMetadataErrors(body))
}

function valueOf<T>(reading: RequestReading<T>, own: readonly ClerkErrorJSON[]): T {
  if (reading.ok && own.length === 0) return reading.value
  throw refusal(422, ...(reading.ok ? [] : reading.errors), ...own)
}

function privateMetadataErrors(body: { [key: string]: unknown }): ClerkErrorJSON[] {
  return Object.hasOwn(body, 'private_metadata') ? [requestErrors.unknown('private_metadata')] : []
}

function readJSONBody({ headers, body }: MembershipRequest): { [key: string]: unknown } {
  const hasBody =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody) return {}
  // Parsers for other types may have made an object of the body, or an empty one of what they do not know.
  const type = headers['content-type'] ?? ''
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
    throw refusal(415, {
      message: 'Content-Type is unsupported',
      long_message: `Content-Type ${JSON.stringify(type.slice(0, 100))} is unsupported. You should use application/json instead.`,
      code: 'unsupported_content_type',
    })
  }
  if (isJSONObject(body)) return body
  throw refusal(400, {
    message: 'Request body invalid',
    long_message: 'The request body must be a JSON object.',
    code: 'request_body_invalid',
  })
}
