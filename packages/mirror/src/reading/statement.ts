import { storableText, toStoredJSON } from '../rows/tables.js'
import type { Order, Selection } from './selection.js'

/** The values of a statement, numbered as they come. */
export class Values {
  readonly list: (string | null)[] = []

  /** @returns the place of the value, such as `$3` */
  add(value: string | null): string {
    this.list.push(value === null ? null : storableText(value))
    return `$${this.list.length}`
  }

  addNumber(value: number): string {
    return `${this.add(String(value))}::text::bigint`
  }

  addTexts(values: readonly string[]): string {
    return `array(select jsonb_array_elements_text(${this.add(toStoredJSON(values))}::text::jsonb))`
  }
}

export interface Page {
  readonly limit: number
  readonly offset: number
}

interface Members {
  /** The table, quoted. */
  readonly table: string
  /** The organization, as a place in the values. */
  readonly organization: string
  readonly values: Values
}

/**
 * The user ids of a page with their places in it, as a subquery. It reads the index of its order and nothing else, so a
 * page costs what it skips and what it holds, however many members there are.
 */
export function pageOfUsers(members: Members, selection: Selection, page: Page): string {
  const { values } = members
  const { order } = selection
  const limit = values.addNumber(page.limit)
  const offset = values.addNumber(page.offset)
  const conditions = conditionsOf(members, selection)
  const place = (row: string) => `row_number() over (order by ${orderBy(order, row)})`
  if (order.column === 'created_at' && selection.roles.length > 1) {
    // Each role has its part of the index in this order. All of them together have not: the page is in the first rows
    // of each.
    const roles = values.addTexts(selection.roles)
    return `select r.user_id, ${place('r')} as place
  from unnest(${roles}) as asked (role) cross join lateral (
    select m.user_id, m.created_at, m.membership_id from ${members.table} m
    where m.role = asked.role and ${conditions} order by ${orderBy(order, 'm')} limit ${limit} + ${offset}) r
  order by ${orderBy(order, 'r')} limit ${limit} offset ${offset}`
  }
  const hasRole = roleCondition(selection.roles, values)
  return `select m.user_id, ${place('m')} as place from ${members.table} m
  where ${hasRole}${conditions} order by ${orderBy(order, 'm')} limit ${limit} offset ${offset}`
}

/** How many members match, as a subquery over the row `o` of the organization. */
export function totalOf(members: Members, selection: Selection): string {
  const { values } = members
  const { roles, includedUsers, excludedUsers, usernames, usernamePart, namePart } = selection
  const isNarrow = includedUsers ?? usernames ?? usernamePart ?? namePart
  if (isNarrow !== undefined) {
    return `(select count(*) from ${members.table} m where ${roleCondition(roles, values)}${conditionsOf(members, selection)})`
  }
  // Counted as rows come and go. Only those who are left out have to be looked up.
  const counted =
    roles.length === 0
      ? 'o.member_count'
      : `(select coalesce(sum((o.role_counts ->> asked.role)::bigint), 0) from unnest(${values.addTexts(roles)}) as asked (role))`
  if (excludedUsers.length === 0) return counted
  const leftOut = `select count(*) from ${members.table} m where ${roleCondition(roles, values)}m.organization_id = ${members.organization}
    and m.membership is not null and m.user_id = any (${values.addTexts(excludedUsers)})`
  return `(${counted} - (${leftOut}))`
}

/** Ties are ordered by age, and by id where that is the same too; downwards all of it is turned round. */
export function orderBy({ column, isDescending }: Order, row: string): string {
  const columns = column === 'created_at' ? [column] : [column, 'created_at']
  const direction = isDescending ? ' desc' : ''
  return [...columns, 'membership_id'].map((name) => `${row}.${name}${direction}`).join(', ')
}

export function roleCondition(roles: readonly string[], values: Values): string {
  if (roles.length === 0) return ''
  if (roles.length === 1) return `m.role = ${values.add(roles[0] as string)} and `
  return `m.role = any (${values.addTexts(roles)}) and `
}

/** All but the roles. */
export function conditionsOf({ organization, values }: Members, selection: Selection): string {
  const { includedUsers, excludedUsers, usernames, usernamePart, namePart } = selection
  const conditions = [`m.organization_id = ${organization}`, 'm.membership is not null']
  if (includedUsers !== undefined) {
    conditions.push(`m.user_id = any (${values.addTexts(includedUsers)})`)
  }
  if (excludedUsers.length > 0) {
    conditions.push(`m.user_id <> all (${values.addTexts(excludedUsers)})`)
  }
  if (usernames !== undefined) {
    conditions.push(`m.sort_username = any (${values.addTexts(usernames)})`)
  }
  if (usernamePart !== undefined) {
    conditions.push(`position(${values.add(usernamePart)} in m.sort_username) > 0`)
  }
  if (namePart !== undefined) {
    const name = `concat_ws(' ', m.sort_first_name, m.sort_last_name)`
    conditions.push(`position(${values.add(namePart)} in ${name}) > 0`)
  }
  return conditions.join(' and ')
}
