import { assertInteger, kindOf, mustBe, show, toMetadata } from './arguments.js'
import type {
  OrganizationMembership,
  OrganizationMembershipPage,
  OrganizationMembershipQuery,
} from './contract/domain.js'
import { listLimits, listParameterEntries, listSearch, orderFields } from './contract/list-query.js'
import {
  fromOrganizationMembershipJSON,
  fromOrganizationMembershipsJSON,
} from './contract/mappers.js'
import { fillPath, type RouteName, routes } from './contract/routes.js'
import type { UpdateMembershipMetadataBodyJSON } from './contract/wire.js'
import { InvalidArgumentError } from './errors.js'
import type { TransportRequest } from './transport.js'

// Path, query and body of each operation. What a caller gets wrong is said here, before anything is sent.

export interface Ids {
  organizationId?: string
  userId?: string
}

export type ListRouteName = 'list' | 'listForUser' | 'listForInstance'

/** A request about one membership. */
export function requestForMembership(
  operation: 'create' | 'update' | 'updateMetadata' | 'delete',
  ids: Ids,
  body?: object,
): TransportRequest<OrganizationMembership> {
  const path = pathOf(operation, ids)
  const request = { operation, path, parse: fromOrganizationMembershipJSON }
  return body === undefined ? request : { ...request, body: toJSONBody(body) }
}

/** A request for one page of a list. */
export function requestForPage(
  operation: ListRouteName,
  ids: Ids,
  query: OrganizationMembershipQuery,
): TransportRequest<OrganizationMembershipPage> {
  const path = pathOf(operation, ids)
  assertListQuery(query)
  return {
    operation,
    path,
    search: listSearch(query),
    parse: fromOrganizationMembershipsJSON,
  }
}

export function assertRole(role: unknown): void {
  if (typeof role === 'string' && role !== '') return
  throw mustBe('role', "a role key such as 'org:member'", kindOf(role))
}

const pathParameters = { organization_id: 'organizationId', user_id: 'userId' } as const

function pathOf(name: RouteName, ids: Ids): string {
  return fillPath(routes[name].path, (parameter) => {
    const id = pathParameters[parameter]
    return toPathSegment(id, ids?.[id] as string)
  })
}

/** The metadata of a body, as JSON. */
export function metadataBody({ publicMetadata, privateMetadata }: GivenMetadata): SentMetadata {
  const body: SentMetadata = {}
  if (publicMetadata !== undefined) {
    body.public_metadata = toMetadata('publicMetadata', publicMetadata)
  }
  if (privateMetadata !== undefined) {
    body.private_metadata = toMetadata('privateMetadata', privateMetadata)
  }
  return body
}

interface GivenMetadata {
  readonly publicMetadata?: object | undefined
  readonly privateMetadata?: object | undefined
}

type SentMetadata = UpdateMembershipMetadataBodyJSON

/** A request body as it is sent. What it holds is JSON already. */
export function toJSONBody(body: object): string {
  try {
    return JSON.stringify(body)
  } catch {
    // An engine's stack may be too small for what is nested deeply.
    throw new InvalidArgumentError('body', 'The metadata is nested too deeply to be sent as JSON.')
  }
}

// Clerk's ids have 31 characters at most. A limit here keeps an answer to a URL that is too long, which each server
// and proxy words differently, out of the way.
const longestId = 1024

/** An id as one path segment: it can hold anything and still cannot reach another route. */
export function toPathSegment(parameter: string, id: string): string {
  if (typeof id !== 'string' || id === '') {
    throw mustBe(parameter, 'a non-empty string', kindOf(id))
  }
  if (id.length > longestId) {
    throw mustBe(parameter, `an id of at most ${longestId} characters`, String(id.length))
  }
  // encodeURIComponent leaves dots alone, and a URL drops the segments `.` and `..`.
  if (id === '.' || id === '..') {
    throw mustBe(parameter, 'an id', `'${id}'`)
  }
  try {
    return encodeURIComponent(id)
  } catch {
    throw new InvalidArgumentError(
      parameter,
      `${parameter} holds half of a surrogate pair, which no URL can carry.`,
    )
  }
}

/** Checks all parameters of a list. @throws InvalidArgumentError that names the parameter */
export function assertListQuery(query: OrganizationMembershipQuery): void {
  for (const [key, { kind }] of listParameterEntries) {
    const value: unknown = query[key]
    if (value === undefined) continue
    if (key === 'limit') assertInteger(key, value, listLimits.minimumLimit, listLimits.maximumLimit)
    else if (kind === 'integer') assertInteger(key, value, 0)
    else if (kind === 'timestamp') assertTimestamp(key, value)
    else if (kind === 'order') assertOrder(key, value)
    else if (kind === 'text') assertText(key, value)
    else assertTexts(key, value)
  }
}

function assertTimestamp(parameter: string, value: unknown): void {
  if (Number.isSafeInteger(value)) return
  throw mustBe(parameter, 'an integer of milliseconds since the epoch', show(value))
}

function assertOrder(parameter: string, value: unknown): void {
  if (
    typeof value === 'string' &&
    orderFields.some((field) => value.replace(/^[+-]/, '') === field)
  ) {
    return
  }
  throw mustBe(
    parameter,
    `one of ${orderFields.join(', ')}, with + or - before it or not`,
    show(value),
  )
}

// What people are found by may be personal, a phone number that was given as a number for instance: of a wrong value only
// the kind is told.
function assertText(parameter: string, value: unknown): void {
  if (typeof value === 'string') return assertWhole(parameter, value)
  throw mustBe(parameter, 'a string', kindOf(value))
}

function assertWhole(parameter: string, text: string): void {
  try {
    encodeURIComponent(text)
  } catch {
    throw new InvalidArgumentError(
      parameter,
      `${parameter} holds half of a surrogate pair, which no URL can carry.`,
    )
  }
}

function assertTexts(parameter: string, value: unknown): void {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  if (values.length > listLimits.maximumValues) {
    throw new InvalidArgumentError(
      parameter,
      `${parameter} takes at most ${listLimits.maximumValues} values; received ${values.length}.`,
    )
  }
  for (const item of values) {
    if (typeof item === 'string' && item !== '') {
      assertWhole(parameter, item)
      continue
    }
    throw new InvalidArgumentError(
      parameter,
      `${parameter} must hold non-empty strings; received ${kindOf(item)}.`,
    )
  }
}
