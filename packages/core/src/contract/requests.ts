import { isJSONObject } from '../plain-json.js'
import { clerkErrorJSON } from './clerk-errors.js'
import type { OrganizationMembershipQuery } from './domain.js'
import { listLimits, listParameters, orderFields } from './list-query.js'
import type {
  ClerkErrorJSON,
  CreateMembershipBodyJSON,
  MetadataJSON,
  UpdateMembershipBodyJSON,
  UpdateMembershipMetadataBodyJSON,
} from './wire.js'

// What a server of these routes accepts, and the errors it answers where it does not (contract, sections 3, 6 and 7).
// The emulator and the NestJS routes both read requests through here, so that they refuse the same things alike.

/** A request that was understood, or every error in it, ready for an error answer. */
export type RequestReading<T> = { ok: true; value: T } | { ok: false; errors: ClerkErrorJSON[] }

/** One entry of a 422 for each way in which a parameter can be wrong (contract, section 7). */
export const requestErrors = {
  missing: (parameter: string) => clerkErrorJSON('parameterMissing', { param_name: parameter }),
  unknown: (parameter: string) => clerkErrorJSON('parameterUnknown', { param_name: parameter }),
  nil: (parameter: string) => clerkErrorJSON('parameterNull', { param_name: parameter }),
  wrongValue: (parameter: string, value: string) =>
    clerkErrorJSON('parameterValueInvalid', { param_name: parameter, value }),
  wrongType: (parameter: string, value: unknown, type: string) =>
    clerkErrorJSON('parameterTypeInvalid', {
      param_name: parameter,
      received: typeName(value),
      type,
    }),
  tooMany: (parameter: string, maximum: number) =>
    clerkErrorJSON('parameterValuesExceeded', { param_name: parameter, maximum }),
}

/**
 * Reads the URL parameters of a list. Parameters that the route does not know are ignored, as upstream does.
 *
 * @param accepted the parameters that the route takes, by their TypeScript names. All of the list route by default.
 */
export function readListQuery(
  search: URLSearchParams,
  accepted: readonly (keyof OrganizationMembershipQuery)[] = Object.keys(
    listParameters,
  ) as (keyof OrganizationMembershipQuery)[],
): RequestReading<OrganizationMembershipQuery> {
  const query: { [key: string]: unknown } = {}
  const errors: ClerkErrorJSON[] = []
  for (const key of accepted) {
    const { name, kind } = listParameters[key]
    const values = search.getAll(name)
    const first = values[0]
    if (first === undefined) continue
    if (kind === 'texts') {
      if (values.length > listLimits.maximumValues) {
        errors.push(requestErrors.tooMany(name, listLimits.maximumValues))
      }
      query[key] = key === 'userId' ? values.map(restorePlus) : values
    } else if (kind === 'text') {
      query[key] = first
    } else if (kind === 'order') {
      const order = restorePlus(first)
      if (isOrder(order)) query[key] = order
      else errors.push(requestErrors.wrongValue(name, first))
    } else {
      const number = /^-?\d{1,15}$/.test(first) ? Number(first) : Number.NaN
      if (isInBounds(key, number)) query[key] = number
      else errors.push(requestErrors.wrongValue(name, first))
    }
  }
  return errors.length > 0
    ? { ok: false, errors }
    : { ok: true, value: query as OrganizationMembershipQuery }
}

/** Reads the body of a create. Keys that the route does not know are ignored; `null` metadata means none. */
export function readCreateBody(body: unknown): RequestReading<CreateMembershipBodyJSON> {
  const json = isJSONObject(body) ? body : {}
  const errors: ClerkErrorJSON[] = []
  const value: CreateMembershipBodyJSON = {
    user_id: readText(json, 'user_id', errors),
    role: readText(json, 'role', errors),
  }
  for (const field of metadataFields) {
    const metadata = json[field]
    if (metadata === undefined) continue
    if (metadata === null || isJSONObject(metadata)) value[field] = metadata
    else errors.push(requestErrors.wrongType(field, metadata, 'object'))
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value }
}

/** Reads the body of an update. Keys that the route does not know are ignored. */
export function readUpdateBody(body: unknown): RequestReading<UpdateMembershipBodyJSON> {
  const errors: ClerkErrorJSON[] = []
  const role = readText(isJSONObject(body) ? body : {}, 'role', errors)
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: { role } }
}

/** Reads the body of a metadata update. The body may be absent; a key that the route does not know is refused. */
export function readUpdateMetadataBody(
  body: unknown,
): RequestReading<UpdateMembershipMetadataBodyJSON> {
  const json = isJSONObject(body) ? body : {}
  const errors: ClerkErrorJSON[] = []
  const value: UpdateMembershipMetadataBodyJSON = {}
  for (const [key, metadata] of Object.entries(json)) {
    const field = metadataFields.find((known) => known === key)
    if (field === undefined) errors.push(requestErrors.unknown(key))
    else if (isJSONObject(metadata)) value[field] = metadata
    else errors.push(requestErrors.wrongType(key, metadata, 'object'))
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value }
}

const metadataFields = ['public_metadata', 'private_metadata'] as const

function readText(json: MetadataJSON, parameter: string, errors: ClerkErrorJSON[]): string {
  const value = Object.hasOwn(json, parameter) ? json[parameter] : undefined
  if (typeof value === 'string' && value !== '') return value
  if (value === undefined || value === '') errors.push(requestErrors.missing(parameter))
  else if (value === null) errors.push(requestErrors.nil(parameter))
  else errors.push(requestErrors.wrongType(parameter, value, 'string'))
  return ''
}

/** A `+` that a client forgot to encode arrives as a space. */
function restorePlus(value: string): string {
  return value.startsWith(' ') ? `+${value.slice(1)}` : value
}

function isOrder(value: string): boolean {
  const field = /^[+-]/.test(value) ? value.slice(1) : value
  return orderFields.some((known) => known === field)
}

function isInBounds(key: keyof OrganizationMembershipQuery, value: number): boolean {
  if (key === 'limit') {
    return value >= listLimits.minimumLimit && value <= listLimits.maximumLimit
  }
  return key === 'offset' ? value >= 0 : Number.isSafeInteger(value)
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
