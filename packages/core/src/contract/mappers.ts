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
  return read(json, organizationMembershipFields, '') as unknown as OrganizationMembership
}

/** A membership as it travels; the inverse of `fromOrganizationMembershipJSON`. What the row lacks stays absent. */
export function toOrganizationMembershipJSON(
  membership: OrganizationMembership,
): OrganizationMembershipJSON {
  return write(membership, organizationMembershipFields) as unknown as OrganizationMembershipJSON
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

/** A field with all it can have, absent or not. */
interface Column extends Pick<Field, 'kind'> {
  readonly key: string
  /** `undefined` where callers do not see it. */
  readonly name: string | undefined
  readonly presence: Field['presence'] | undefined
  readonly nullable: true | undefined
  readonly fields: Fields | undefined
  readonly value: string | undefined
}

const columnsOf = new WeakMap<Fields, Column[]>()

/** A table made ready for many rows: objects of one shape, which engines read faster. */
function columns(table: Fields): Column[] {
  const known = columnsOf.get(table)
  if (known !== undefined) return known
  const made = Object.entries(table).map(([key, field]) => ({
    key,
    name: field.wireOnly || field.kind === 'constant' ? undefined : camelCase(key),
    kind: field.kind,
    presence: field.presence,
    nullable: field.nullable,
    fields: field.fields,
    value: field.value,
  }))
  columnsOf.set(table, made)
  return made
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** @param at the place of the object: '' or a path that ends with a dot */
function read(json: unknown, table: Fields, at: string): JSONObject {
  const row = objectAt(json, at === '' ? 'the membership' : at.slice(0, -1))
  const result: JSONObject = {}
  for (const column of columns(table)) {
    if (column.name === undefined) continue
    const value = readField(row[column.key], column, at)
    if (value !== undefined) result[column.name] = value
  }
  return result
}

function readField(value: unknown, column: Column, at: string): unknown {
  switch (column.kind) {
    case 'id':
    case 'text':
      if (typeof value === 'string') return value
      break
    case 'count':
    case 'time':
      if (typeof value === 'number') return value
      break
    case 'flag':
      if (typeof value === 'boolean') return value
      break
    case 'texts':
      if (Array.isArray(value)) return value.every(isText) ? value : value.filter(isText)
      break
    case 'metadata':
      if (value !== undefined && value !== null) return objectAt(value, at + column.key)
      break
    default:
      if (value !== undefined && value !== null) {
        return read(value, column.fields as Fields, `${at}${column.key}.`)
      }
  }
  if (value === null && column.nullable) return null
  if (column.presence === undefined) return undefined
  if (column.presence === 'required') return column.nullable ? null : empty(column.kind)
  throw wrong(at + column.key, nouns[column.kind] ?? 'an object', value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function empty(kind: Field['kind']): unknown {
  if (kind === 'metadata') return {}
  if (kind === 'texts') return []
  return kind === 'flag' ? false : ''
}

const nouns: { readonly [kind: string]: string } = {
  id: 'a string',
  text: 'a string',
  time: 'a number',
}

function write(values: object, table: Fields): JSONObject {
  const row: JSONObject = {}
  for (const { key, name, fields, value: constant } of columns(table)) {
    const value = name === undefined ? constant : (values as JSONObject)[name]
    if (value === undefined) continue
    row[key] = fields !== undefined && value !== null ? write(value as object, fields) : value
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
