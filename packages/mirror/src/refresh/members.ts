import {
  isNotFoundError,
  type OrganizationMembership,
  type OrganizationMembershipPage,
} from '@org-memberships/core'
import { MirrorError } from '../errors.js'
import type { MirroredClient } from '../options.js'
import { isSaidDeleted } from '../rows/deletions.js'
import type { Tables } from '../rows/tables.js'
import type { Reading } from '../rows/write.js'

/** What the API says of an organization: which of these members are there, or that there is no such organization. */
export type MembersResult =
  | { readonly found: true; readonly readings: readonly Reading[] }
  | { readonly found: false; readonly error: unknown }

/** Reads up to 100 members with one request. A user who is not in the response is not a member. */
export async function readMembers(
  client: MirroredClient,
  organizationId: string,
  userIds: readonly string[],
  signal?: AbortSignal,
): Promise<MembersResult> {
  let page: OrganizationMembershipPage
  try {
    page = await client.list(
      { organizationId, userId: userIds.map(filterOf), limit: userIds.length },
      { signal },
    )
  } catch (error) {
    // Only this says that nobody is a member. Any other error says nothing about anybody.
    if (isNotFoundError(error) && error.code === 'resource_not_found')
      return { found: false, error }
    throw error
  }
  const asked = new Set(userIds)
  const members = new Map<string, OrganizationMembership>()
  for (const membership of page.data) {
    const userId = membership.publicUserData?.userId
    if (userId === undefined || !asked.has(userId)) {
      throw new MirrorError(
        `The list of ${organizationId} for ${userIds.length} users has somebody else in it: the server does not heed the user_id filter. Nothing was stored.`,
      )
    }
    members.set(userId, membership)
  }
  return {
    found: true,
    readings: userIds.map((userId) => ({
      organizationId,
      userId,
      membership: members.get(userId) ?? null,
    })),
  }
}

/** `+` and `-` are operators of this filter, and a blank may be taken for a `+`: such an id gets an explicit `+`. */
function filterOf(userId: string): string {
  return /^[+\-\s]/.test(userId) ? `+${userId}` : userId
}

/**
 * Whether an organization is gone that the API does not find. A key of another instance finds nothing either, so one response
 * is not enough: an event must have said so, or the memberships of somebody known here must lack it.
 */
export async function isOrganizationGone(
  { client, tables }: { readonly client: MirroredClient; readonly tables: Tables },
  organizationId: string,
  signal?: AbortSignal,
): Promise<boolean> {
  if (await isSaidDeleted(tables, organizationId)) return true
  for (const userId of await someMembers(tables, organizationId)) {
    const gone = await lacks(client, userId, organizationId, signal)
    if (gone !== undefined) return gone
  }
  return false
}

/** `undefined`: nothing is known of the user either. */
async function lacks(
  client: MirroredClient,
  userId: string,
  organizationId: string,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  try {
    const { data, totalCount } = await client.listForUser({ userId, limit: 500 }, { signal })
    if (data.some(({ organization }) => organization.id === organizationId)) return false
    // Members of that many organizations are no witnesses.
    return totalCount <= data.length ? true : undefined
  } catch (error) {
    if (isNotFoundError(error)) return undefined
    throw error
  }
}

async function someMembers(
  { database, quoted }: Tables,
  organizationId: string,
): Promise<readonly string[]> {
  const { rows } = await database.query(
    `select user_id from ${quoted}.memberships where organization_id = $1
order by membership is null, user_id limit 3`,
    [organizationId],
  )
  return rows.map((row) => row.user_id as string)
}
