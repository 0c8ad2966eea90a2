import type { Organization, OrganizationMembership } from '@org-memberships/core'
import type { Row } from '../database/database.js'
import type { MemberId, Tables } from './tables.js'

/** What the mirror knows of one member. */
export type KnownMember =
  /** May be believed; null: not a member. */
  | { readonly state: 'trusted'; readonly membership: OrganizationMembership | null }
  /** Nothing is known against it, but it was read or checked too long ago. */
  | { readonly state: 'old' }
  /** A hint has not been answered yet. */
  | { readonly state: 'stale' }
  | { readonly state: 'unknown' }

export interface InspectedMember {
  readonly state: 'trusted' | 'old' | 'stale'
  /** As it was last read. */
  readonly membership: OrganizationMembership | null
  readonly age: number | undefined
  readonly checkedAge: number | undefined
}

/**
 * One member, as far as the mirror may be trusted.
 *
 * @param trustFor ms for which a read, or a check of its organization, is believed
 */
export async function readTrusted(
  tables: Tables,
  member: MemberId,
  trustFor: number,
): Promise<KnownMember> {
  const row = await readRow(tables, member, trustFor)
  if (row === undefined) return { state: 'unknown' }
  if (row.state !== 'trusted') return { state: row.state as 'old' | 'stale' }
  return { state: 'trusted', membership: membershipOf(row) }
}

/** The same with what is known beside, whatever it is worth. */
export async function inspectMember(
  tables: Tables,
  member: MemberId,
  trustFor: number,
): Promise<InspectedMember | undefined> {
  const row = await readRow(tables, member, trustFor)
  if (row === undefined) return undefined
  const age = (at: string | null | undefined) =>
    Number(at) === 0 ? undefined : Math.max(0, Number(row.now) - Number(at))
  return {
    state: row.state as InspectedMember['state'],
    membership: (row.organization ?? null) === null ? null : membershipOf(row),
    age: age(row.read_at),
    checkedAge: age(row.checked_at),
  }
}

async function readRow(
  { database, quoted, now }: Tables,
  { organizationId, userId }: MemberId,
  trustFor: number,
): Promise<Row | undefined> {
  const { rows } = await database.query(
    `select case when m.stale_version is not null or (m.membership is not null and (o.organization is null or o.stale_version is not null)) then 'stale'
    -- A time to come, after the clock was set back, proves nothing.
    when greatest(m.read_at, o.checked_at) between ${now} - $3::text::bigint and ${now} then 'trusted' else 'old' end as state,
  m.membership::text as membership, o.organization::text as organization, o.listed_version::text as listed, o.member_count::text as members,
  m.read_at::text as read_at, greatest(m.read_at, o.checked_at)::text as checked_at, (${now})::text as now
from ${quoted}.memberships m left join ${quoted}.organizations o using (organization_id)
where m.organization_id = $1 and m.user_id = $2`,
    [organizationId, userId, String(trustFor)],
  )
  return rows[0]
}

function membershipOf(row: Row): OrganizationMembership | null {
  if ((row.membership ?? null) === null) return null
  const organization = JSON.parse(row.organization as string) as Organization
  return {
    ...(JSON.parse(row.membership as string) as Omit<OrganizationMembership, 'organization'>),
    organization:
      (row.listed ?? null) === null
        ? organization
        : { ...organization, membersCount: Number(row.members) },
  }
}
