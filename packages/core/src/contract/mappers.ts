import type { JSONObject } from '../plain-json.js'
import type { OrganizationMembership, OrganizationMembershipPage } from './domain.js'
import { type Field, type Fields, organizationMembershipFields } from './fields.js'
import type { OrganizationMembershipJSON, OrganizationMembershipsJSON } from './wire.js'

// From the wire to what callers see, and back, by the tables of fields. Metadata is passed on as it is: its keys are the
// user's own. Reading throws only where an answer cannot be used; what nobody can rely on anyway takes no page down.

/** An answer that is JSON but not what the contract says. The client turns it into a `ResponseParseError`. */
export class ContractShapeError extends Error {
  override readonly name = 'ContractShapeError'
}

/**
 * A membership as callers see it. Where an optional field is wrong it is absent, where a required one is it is empty.
 *
 * @throws an error that names the place where ids, role, times or the shape of objects are not what the contract says
 */
export function fromOrganizationMembershipJSON(json: unknown): OrganizationMembership {
  return read(json, columnsOfMembership(), 'the membership') as unknown as OrganizationMembership
}

/** A membership as it travels; the inverse of `fromOrganizationMembershipJSON`. What the row lacks stays absent. */
export function toOrganizationMembershipJSON(
  membership: OrganizationMembership,
): OrganizationMembershipJSON {
  return write(membership, columnsOfMembership()) as unknown as OrganizationMembershipJSON
}

/**
 * A page as callers see it.
 *
 * @throws an error that names the place where the JSON is not what the contract says
 */
export function fromOrganizationMembershipsJSON(json: unknown): OrganizationMembershipPage {
  const { data, total_count: totalCount } = objectAt(json, 'the list')
  if (!Array.isArray(data)) throw wrong('data', 'an array', data)
  if (typeof totalCount !== 'number') throw wrong('total_count', 'a number', totalCount)
  return { data: data.map(fromOrganizationMembershipJSON), totalCount }
}

/** A page as it travels; the inverse of `fromOrganizationMembershipsJSON`. */
export function toOrganizationMembershipsJSON(
  page: OrganizationMembershipPage,
): OrganizationMembershipsJSON {
  return { data: page.data.map(toOrganizationMembershipJSON), total_count: page.totalCount }
}

/** A field made ready for many rows; all of one shape, which engines read faster. */
interface Column {
  readonly key: string
  /** `undefined` where callers do not see it. */
  readonly name: string | undefined
  /** For errors, such as `organization.id`. */
  readonly place: string
  readonly kind: Field['kind']
  /** The `typeof` of a scalar. */
  readonly scalar: 'string' | 'number' | 'boolean' | undefined
  readonly presence: Field['presence'] | undefined
  readonly nullable: true | undefined
  readonly columns: readonly Column[]
  readonly value: string | undefined
}

let membershipColumns: readonly Column[] | undefined

function columnsOfMembership(): readonly Column[] {
  return (membershipColumns ??= columnsOf(organizationMembershipFields, ''))
}

/** @param at the place of the object: '' or a path that ends with a dot */
function columnsOf(fields: Fields, at: string): Column[] {
  return Object.entries(fields).map(([key, field]) => ({
    key,
    name: field.wireOnly || field.kind === 'constant' ? undefined : camelCase(key),
    place: at + key,
    kind: field.kind,
    scalar: scalars[field.kind],
    presence: field.presence,
    nullable: field.nullable,
    columns: field.fields === undefined ? [] : columnsOf(field.fields, `${at}${key}.`),
    value: field.value,
  }))
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

function read(json: unknown, columns: readonly Column[], place: string): JSONObject {
  const row = objectAt(json, place)
  const result: JSONObject = {}
  for (const column of columns) {
    if (column.name === undefined) continue
    const value = readField(row[column.key], column)
    if (value !== undefined) result[column.name] = value
  }
  return result
}

function readField(value: unknown, column: Column): unknown {
  const { kind, scalar, place } = column
  if (scalar !== undefined) {
    // oxlint-disable-next-line valid-typeof -- one of the three below
    if (typeof value === scalar) return value
  } else if (kind === 'texts') {
    if (Array.isArray(value)) return value.every(isText) ? value : value.filter(isText)
  } else if (value !== undefined && value !== null) {
    return kind === 'metadata' ? objectAt(value, place) : read(value, column.columns, place)
  }
  if (value === null && column.nullable) return null
  if (column.presence === undefined) return undefined
  if (column.presence === 'required') return column.nullable ? null : empty(kind)
  throw wrong(place, scalar === undefined ? 'an object' : `a ${scalar}`, value)
}

const scalars: { readonly [kind: string]: 'string' | 'number' | 'boolean' } = {
  id: 'string',
  text: 'string',
  count: 'number',
  time: 'number',
  flag: 'boolean',
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function empty(kind: Field['kind']): unknown {
  if (kind === 'metadata') return {}
  if (kind === 'texts') return []
  return kind === 'flag' ? false : ''
}

function write(values: object, columns: readonly Column[]): JSONObject {
  const row: JSONObject = {}
  for (const column of columns) {
    const { key, name } = column
    const value = name === undefined ? column.value : (values as JSONObject)[name]
    if (value === undefined) continue
    const isObject = column.kind === 'object' && value !== null
    row[key] = isObject ? write(value as object, column.columns) : value
  }
  return row
}

function objectAt(value: unknown, place: string): JSONObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JSONObject
  throw wrong(place, 'an object', value)
}

function wrong(place: string, expected: string, value: unknown): ContractShapeError {
  return new ContractShapeError(`${place} should be ${expected} and is ${kindOf(value)}`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return value === undefined ? 'missing' : `of type ${typeof value}`
}
