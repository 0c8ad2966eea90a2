import { listLimits, listParameterEntries, orderFields } from './contract/list-query.js'
import type { OrganizationMembershipQuery } from './contract/domain.js'
import { InvalidArgumentError } from './errors.js'

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

export function assertMetadata(parameter: string, metadata: unknown): void {
  if (metadata === undefined) return
  if (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)) return
  throw new InvalidArgumentError(
    parameter,
    `${parameter} must be an object; received ${kindOf(metadata)}.`,
  )
}

/** By what it can do: a signal of another realm is no instance of ours. */
export function assertSignal(signal: AbortSignal | null | undefined): void {
  if (signal === undefined || typeof signal?.throwIfAborted === 'function') return
  throw new InvalidArgumentError(
    'signal',
    `signal must be an AbortSignal; received ${kindOf(signal)}.`,
  )
}

/**
 * A request body as JSON. Refuses what JSON would quietly turn into a `null` or an empty object: upstream a `null`
 * removes the key.
 */
export function toJSONBody(body: object): string {
  let parameter = 'body'
  try {
    return JSON.stringify(body, function (this: unknown, key, value: unknown) {
      if (this === body) {
        parameter = parameterNames[key] ?? key
        // After its `toJSON`, if it has one.
        if (key in parameterNames) assertMetadata(parameter, value)
      }
      if (!isLostInJSON(value, this)) return value
      throw new InvalidArgumentError(
        parameter,
        `${parameter} cannot be sent as JSON: the value at key '${key}' is ${kindOf(value)}.`,
      )
    })
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error
    const reason = error instanceof RangeError ? 'it is nested too deeply' : 'it refers to itself'
    throw new InvalidArgumentError(parameter, `${parameter} cannot be sent as JSON: ${reason}.`)
  }
}

function isLostInJSON(value: unknown, holder: unknown): boolean {
  switch (typeof value) {
    case 'function':
    case 'symbol':
    case 'bigint':
      return true
    case 'number':
      return !Number.isFinite(value)
    case 'undefined':
      return Array.isArray(holder)
    case 'object':
      return emptyInJSON.test(Object.prototype.toString.call(value))
    default:
      return false
  }
}

const emptyInJSON =
  /^\[object (Map|Set|WeakMap|WeakSet|WeakRef|RegExp|Error|Promise|ArrayBuffer|DataView)\]$/

const parameterNames: { [key: string]: string } = {
  public_metadata: 'publicMetadata',
  private_metadata: 'privateMetadata',
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
  if (typeof value === 'string') return
  throw new InvalidArgumentError(
    parameter,
    `${parameter} must be a string; received ${kindOf(value)}.`,
  )
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
    if (typeof item === 'string' && item !== '') continue
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
