import type {
  Organization,
  OrganizationMembership,
  OrganizationMembershipPage,
} from '@org-memberships/core'
import type { Row } from '../database/database.js'
import type { Tables } from '../rows/tables.js'
import type { Selection } from './selection.js'
import {
  conditionsOf,
  type Page,
  pageOfUsers,
  roleCondition,
  totalOf,
  Values,
} from './statement.js'

/** A membership as it is stored: without its organization. */
export type StoredMembership = Omit<OrganizationMembership, 'organization'>

/** Where a walk in the order of creation has come to. */
export interface Position {
  readonly createdAt: number
  readonly id: string
}

/** An organization whose members are all here. A deleted one is answered by the API: not found. */
const isListed = (quoted: string) =>
  `o.listed_version is not null and not exists (select from ${quoted}.deleted_entities d where d.id = o.organization_id)`

/** A page and its total, of one moment. `undefined` where the organization has not been listed whole. */
export async function readPage(
  { database, quoted }: Tables,
  organizationId: string,
  selection: Selection,
  page: Page,
): Promise<OrganizationMembershipPage | undefined> {
  const values = new Values()
  const organization = values.add(organizationId)
  const members = { table: `${quoted}.memberships`, organization, values }
  // A subquery for each row, and no join: a planner that does not know how many rows the page has would read the table.
  const { rows } = await database.query(
    `select o.organization::text as organization, o.member_count::text as members, ${totalOf(members, selection)}::text as total,
  (select '[' || string_agg((select m.membership::text from ${members.table} m
      where m.organization_id = ${organization} and m.user_id = p.user_id), ',' order by p.place) || ']'
    from (${pageOfUsers(members, selection, page)}) p) as page
from ${quoted}.organizations o where o.organization_id = ${organization} and ${isListed(quoted)}`,
    values.list,
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return { data: membershipsOf(row), totalCount: Number(row.total) }
}

/**
 * The next members in the order of creation. `undefined` where the organization has not been listed whole; that counts
 * for the first ones only, so that no list ends early.
 */
export async function readAfter(
  { database, quoted }: Tables,
  organizationId: string,
  selection: Selection,
  { limit, after }: { readonly limit: number; readonly after: Position | undefined },
): Promise<OrganizationMembership[] | undefined> {
  const values = new Values()
  const organization = values.add(organizationId)
  const members = { table: `${quoted}.memberships`, organization, values }
  const position =
    after === undefined
      ? ''
      : ` and (m.created_at, m.membership_id) > (${values.addNumber(after.createdAt)}, ${values.add(after.id)})`
  const conditions = `${roleCondition(selection.roles, values)}${conditionsOf(members, selection)}${position}`
  const { rows } = await database.query(
    `select o.organization::text as organization, o.member_count::text as members,
  (select '[' || string_agg(p.membership::text, ',' order by p.created_at, p.membership_id) || ']'
    from (select m.membership, m.created_at, m.membership_id from ${members.table} m
      where ${conditions} order by m.created_at, m.membership_id limit ${values.addNumber(limit)}) p) as page
from ${quoted}.organizations o where o.organization_id = ${organization}${after === undefined ? ` and ${isListed(quoted)}` : ''}`,
    values.list,
  )
  return rows[0] && membershipsOf(rows[0])
}

function membershipsOf(row: Row): OrganizationMembership[] {
  const stored = JSON.parse(row.page ?? '[]') as StoredMembership[]
  if (stored.length === 0) return []
  const organization = {
    ...(JSON.parse(row.organization as string) as Organization),
    membersCount: Number(row.members),
  }
  return stored.map((membership) => Object.assign(membership, { organization }))
}
