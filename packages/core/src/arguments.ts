import { listLimits, listParameterEntries, orderFields } from './contract/list-query.js'
import type { OrganizationMembershipQuery } from './contract/domain.js'
import { InvalidArgumentError } from './errors.js'
import { isJSONObject, type JSONObject, toPlainJSON } from './plain-json.js'

// What a caller gets wrong is said before anything is sent.

// Clerk's ids have 31 characters at most. A limit here keeps an answer to a URL that is too long, which each server
// and proxy words differently, out of the way.
const longestId = 1024

/** An id as one path segment: it can hold anything and still cannot reach another route. */
export function toPathSegment(parameter: string, id: string): string {
  if (typeof id !== 'string' || id === '') {
    throw new InvalidArgumentError(
      parameter,
      `${parameter} must be a non-empty string; received ${kindOf(id)}.`,
    )
  }
  if (id.length > longestId) {
    throw new InvalidArgumentError(
      parameter,
      `${parameter} must be an id of at most ${longestId} characters; received ${id.length}.`,
    )
  }
  // encodeURIComponent leaves dots alone, and a URL drops the segments `.` and `..`.
  if (id === '.' || id === '..') {
    throw new InvalidArgumentError(parameter, `${parameter} must be an id; received '${id}'.`)
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

export function assertRole(role: unknown): void {
  if (typeof role === 'string' && role !== '') return
  throw new InvalidArgumentError(
    'role',
    `role must be a role key such as 'org:member'; received ${kindOf(role)}.`,
  )
}

/** Metadata as it is sent; what the caller does to the object afterwards makes no difference. */
export function toMetadata(parameter: string, metadata: unknown): JSONObject {
  const json = toPlainJSON(metadata, parameter)
  if (isJSONObject(json)) return json
  throw new InvalidArgumentError(
    parameter,
    `${parameter} must be an object; received ${kindOf(metadata)}.`,
  )
}

/** By what it can do: a signal of another realm is no instance of ours. */
export function assertSignal(signal: AbortSignal | null | undefined): void {
  if (signal === undefined) return
  if (typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function') return
  throw new InvalidArgumentError(
    'signal',
    `signal must be an AbortSignal; received ${kindOf(signal)}.`,
  )
}

/** A request body as it is sent. What it holds is JSON already. */
export function toJSONBody(body: object): string {
  try {
    return JSON.stringify(body)
  } catch {
    // An engine's stack may be too small for what is nested deeply.
    throw new InvalidArgumentError('body', 'The metadata is nested too deeply to be sent as JSON.')
  }
}

/** An integer within bounds, both included. */
export function assertInteger(
  parameter: string,
  value: unknown,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum) return
  const bounds =
    maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`
  throw new InvalidArgumentError(
    parameter,
    `${parameter} must be an integer ${bounds}; received ${show(value)}.`,
  )
}

function assertTimestamp(parameter: string, value: unknown): void {
  if (Number.isSafeInteger(value)) return
  throw new InvalidArgumentError(
    parameter,
    `${parameter} must be an integer of milliseconds since the epoch; received ${show(value)}.`,
  )
}

function assertOrder(parameter: string, value: unknown): void {
  if (
    typeof value === 'string' &&
    orderFields.some((field) => value.replace(/^[+-]/, '') === field)
  ) {
    return
  }
  throw new InvalidArgumentError(
    parameter,
    `${parameter} must be one of ${orderFields.join(', ')}, with + or - before it or not; received ${show(value)}.`,
  )
}

// What people are found by may be personal, a phone number that was given as a number for instance: of a wrong value only
// the kind is told.
function assertText(parameter: string, value: unknown): void {
  if (typeof value === 'string') return assertWhole(parameter, value)
  throw new InvalidArgumentError(
    parameter,
    `${parameter} must be a string; received ${kindOf(value)}.`,
  )
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

/** A value as its author wrote it: text in quotes, a number without; of anything else the kind. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  return typeof value === 'number' ? String(value) : kindOf(value)
}

function kindOf(value: unknown): string {
  if (value === '') return "''"
  if (value === null) return 'null'
  if (value === undefined) return 'undefined'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1)
  if (typeof value === 'object' && tag !== 'Object') return `of type ${tag}`
  return `a value of type ${typeof value}`
}
