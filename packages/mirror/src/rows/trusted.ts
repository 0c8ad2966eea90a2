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
  { database, quoted, now }: Tables,
  { organizationId, userId }: MemberId,
  trustFor: number,
): Promise<KnownMember> {
  // Guards run this for each request: as few columns as will do.
  const { rows } = await database.query(
    `select (${isStale(now)})::text as stale, (${now} - ${believedSince})::text as age,
  m.membership::text as membership, o.organization::text as organization, ${knownMembers}::text as members
${oneMember(quoted)}`,
    [organizationId, userId],
  )
  const row = rows[0]
  if (row === undefined) return { state: 'unknown' }
  const state = stateOf(row, trustFor)
  return state === 'trusted' ? { state, membership: membershipOf(row) } : { state }
}

/** The same with what is known beside, whatever it is worth. */
export async function inspectMember(
  { database, quoted, now }: Tables,
  { organizationId, userId }: MemberId,
  trustFor: number,
): Promise<InspectedMember | undefined> {
  const { rows } = await database.query(
    `select (${isStale(now)})::text as stale, (${now} - ${believedSince})::text as age, (${now} - m.read_at)::text as read_age, (${believedSince})::text as since, m.read_at::text as read_at,
  m.membership::text as membership, o.organization::text as organization, ${knownMembers}::text as members
${oneMember(quoted)}`,
    [organizationId, userId],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    state: stateOf(row, trustFor),
    membership: (row.organization ?? null) === null ? null : membershipOf(row),
    age: row.read_at === '0' ? undefined : Math.max(0, Number(row.read_age)),
    checkedAge: row.since === '0' ? undefined : Math.max(0, Number(row.age)),
  }
}

/** A hint has not been answered: about the member, or about the organization that the membership embeds. */
const isStale = (now: string) =>
  `(m.stale_version is not null and not ${isOurResponse(now)}) or (m.membership is not null and (o.organization is null or o.stale_version is not null))`
/** The response to a write of ours, and nothing was heard since it was sent: it waits for no more than replicas. */
const isOurResponse = (now: string) =>
  `(m.stale_version <= m.version and m.response_until > ${now} and m.pending_writes = '{}')`
const believedSince = 'greatest(m.read_at, o.checked_at)'
/** Null where nobody knows whether they are all. */
const knownMembers = '(case when o.listed_version is not null then o.member_count end)'

function oneMember(quoted: string): string {
  return `from ${quoted}.memberships m left join ${quoted}.organizations o using (organization_id)
where m.organization_id = $1 and m.user_id = $2`
}

function stateOf({ stale, age }: Row, trustFor: number): 'trusted' | 'old' | 'stale' {
  if (stale !== 'false') return 'stale'
  // A time to come, after the clock was set back, proves nothing.
  return Number(age) >= 0 && Number(age) < trustFor ? 'trusted' : 'old'
}

function membershipOf(row: Row): OrganizationMembership | null {
  if ((row.membership ?? null) === null) return null
  const organization = JSON.parse(row.organization as string) as Organization
  return {
    ...(JSON.parse(row.membership as string) as Omit<OrganizationMembership, 'organization'>),
    organization:
      (row.members ?? null) === null
        ? organization
        : { ...organization, membersCount: Number(row.members) },
  }
}
