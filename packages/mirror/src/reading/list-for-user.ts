import type {
  ListAllMembershipsForUserParams,
  ListMembershipsForUserParams,
  Organization,
  OrganizationMembership,
  OrganizationMembershipPage,
  RequestOptions,
} from '@org-memberships/core'
import { assertListQuery, listLimits, toPathSegment } from '@org-memberships/core/contract'
import type { Tables } from '../rows/tables.js'
import type { StoredMembership } from './members.js'
import { askAPI, instanceNotListed, type Reading } from './otherwise.js'
import { type Page, Values } from './statement.js'

/**
 * One page of a user's memberships, newest first: `listForUser` of the client. Of a user without any the API is asked,
 * which knows whether there is such a user.
 */
export async function listForUser(
  reading: Reading,
  params: ListMembershipsForUserParams,
  options?: RequestOptions,
): Promise<OrganizationMembershipPage> {
  const { userId, limit, offset } = params ?? {}
  toPathSegment('userId', userId)
  assertListQuery({ limit, offset })
  options?.signal?.throwIfAborted()
  const page = { limit: limit ?? listLimits.defaultLimit, offset: offset ?? 0 }
  const found = await readOfUser(reading.tables, userId, page)
  options?.signal?.throwIfAborted()
  if (found === undefined) {
    return askAPI(reading, instanceNotListed, () => reading.client.listForUser(params, options))
  }
  if (found.totalCount > 0 || reading.otherwise === 'refuse') return found
  return reading.client.listForUser(params, options)
}

/** Every membership of a user, newest first: `listAllForUser` of the client. */
export function listAllForUser(
  reading: Reading,
  params: ListAllMembershipsForUserParams,
  options?: RequestOptions,
): AsyncIterable<OrganizationMembership> {
  // Checks the arguments now, and sends nothing before it is read.
  const fromAPI = reading.client.listAllForUser(params, options)
  return {
    async *[Symbol.asyncIterator]() {
      options?.signal?.throwIfAborted()
      // All at once: even a user who is in thousands of organizations is some megabytes.
      const found = await readOfUser(reading.tables, params.userId, undefined)
      options?.signal?.throwIfAborted()
      if (found === undefined) yield* askAPI(reading, instanceNotListed, () => fromAPI)
      else if (found.totalCount > 0 || reading.otherwise === 'refuse') yield* found.data
      else yield* fromAPI
    },
  }
}

/** `undefined` where the instance has not been listed whole, or the facts of an organization have not been read yet. */
async function readOfUser(
  { database, quoted }: Tables,
  userId: string,
  page: Page | undefined,
): Promise<OrganizationMembershipPage | undefined> {
  const values = new Values()
  const user = values.add(userId)
  const limits = page
    ? `limit ${values.addNumber(page.limit)} offset ${values.addNumber(page.offset)}`
    : ''
  const theirs = `from ${quoted}.memberships m where m.user_id = ${user} and m.membership is not null`
  const { rows } = await database.query(
    `select (select count(*) ${theirs})::text as total,
  (select '[' || string_agg(coalesce((select jsonb_build_object('membership', p.membership, 'organization', o.organization,
      'members', case when o.listed_version is not null then o.member_count end)::text
      from ${quoted}.organizations o where o.organization_id = p.organization_id), '{"organization":null}'), ',' order by p.place) || ']'
    from (select m.organization_id, m.membership, row_number() over (order by m.created_at desc, m.membership_id desc) as place
      ${theirs} order by m.created_at desc, m.membership_id desc ${limits}) p) as page
from ${quoted}.mirror_state s where s.listed_version is not null
  and not exists (select from ${quoted}.deleted_entities d where d.id = ${user})`,
    values.list,
  )
  const row = rows[0]
  if (row === undefined) return undefined
  const found = JSON.parse(row.page ?? '[]') as Found[]
  if (found.some(({ organization }) => organization === null)) return undefined
  const data = found.map(({ membership, organization, members }) =>
    Object.assign(membership, {
      organization: Object.assign(
        organization as Organization,
        members !== null && { membersCount: members },
      ),
    }),
  )
  return { data, totalCount: Number(row.total) }
}

interface Found {
  readonly membership: StoredMembership
  /** Null: known by name only. */
  readonly organization: Organization | null
  /** Null: its members have not all been listed. */
  readonly members: number | null
}
