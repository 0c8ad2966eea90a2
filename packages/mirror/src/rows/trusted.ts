import type { Organization, OrganizationMembership } from '@org-memberships/core'
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

/**
 * One member, as far as the mirror may be trusted.
 *
 * @param trustFor ms for which a read, or a check of its organization, is believed
 */
export async function readTrusted(
  { database, quoted, now }: Tables,
  { organizationId, userId }: MemberId,
  trustFor: number,
): Promise<KnownMember> {
  const { rows } = await database.query(
    `select case when m.stale_version is not null or (m.membership is not null and (o.organization is null or o.stale_version is not null)) then 'stale'
    -- A time to come, after the clock was set back, proves nothing.
    when greatest(m.read_at, o.checked_at) between ${now} - $3::text::bigint and ${now} then 'trusted' else 'old' end as state,
  m.membership::text as membership, o.organization::text as organization, o.listed_version::text as listed, o.member_count::text as members
from ${quoted}.memberships m left join ${quoted}.organizations o using (organization_id)
where m.organization_id = $1 and m.user_id = $2`,
    [organizationId, userId, String(trustFor)],
  )
  const row = rows[0]
  if (row === undefined) return { state: 'unknown' }
  if (row.state !== 'trusted') return { state: row.state as 'old' | 'stale' }
  if ((row.membership ?? null) === null) return { state: 'trusted', membership: null }
  const organization = JSON.parse(row.organization as string) as Organization
  return {
    state: 'trusted',
    membership: toMembership(
      row.membership as string,
      row.listed === null ? organization : { ...organization, membersCount: Number(row.members) },
    ),
  }
}

/** A stored membership as callers see it. */
export function toMembership(stored: string, organization: Organization): OrganizationMembership {
  return { ...(JSON.parse(stored) as Omit<OrganizationMembership, 'organization'>), organization }
}
