import type {
  CountOrganizationMembershipsParams,
  ListAllOrganizationMembershipsParams,
  ListOrganizationMembershipsParams,
  OrganizationMembership,
  OrganizationMembershipPage,
  RequestOptions,
} from '@org-memberships/core'
import { assertListQuery, listLimits, toPathSegment } from '@org-memberships/core/contract'
import { type Position, readAfter, readPage } from './members.js'
import { askAPI, notCopied, notListed, type Reading } from './otherwise.js'
import { readSelection } from './selection.js'

/** One page of an organization's members, with the number of all matches: `list` of the client. */
export async function list(
  reading: Reading,
  params: ListOrganizationMembershipsParams,
  options?: RequestOptions,
): Promise<OrganizationMembershipPage> {
  const { organizationId, ...query } = params ?? {}
  toPathSegment('organizationId', organizationId)
  assertListQuery(query)
  options?.signal?.throwIfAborted()
  const ask = () => reading.client.list(params, options)
  const selection = readSelection(query)
  if ('unknown' in selection) return askAPI(reading, notCopied(selection.unknown), ask)
  const { limit = listLimits.defaultLimit, offset = 0 } = query
  const page = await readPage(reading.tables, organizationId, selection, { limit, offset })
  options?.signal?.throwIfAborted()
  return page ?? askAPI(reading, notListed(organizationId), ask)
}

/** How many members match: `count` of the client. */
export async function count(
  reading: Reading,
  params: CountOrganizationMembershipsParams,
  options?: RequestOptions,
): Promise<number> {
  const { totalCount } = await list(reading, { ...params, limit: 1 }, options)
  return totalCount
}

/**
 * Every member that matches, oldest membership first: `listAll` of the client. Each page goes on after the last member
 * of the page before, so a member who is there and matches all the while comes exactly once.
 */
export function listAll(
  reading: Reading,
  params: ListAllOrganizationMembershipsParams,
  options?: RequestOptions,
): AsyncIterable<OrganizationMembership> {
  // Checks the arguments now, and sends nothing before it is read.
  const fromAPI = reading.client.listAll(params, options)
  const { organizationId, pageSize, concurrency: _, ...query } = params
  const selection = readSelection(query)
  if ('unknown' in selection) return askAPI(reading, notCopied(selection.unknown), () => fromAPI)
  const limit = pageSize ?? listLimits.maximumLimit
  return {
    async *[Symbol.asyncIterator]() {
      let after: Position | undefined
      for (;;) {
        options?.signal?.throwIfAborted()
        const rows = await readAfter(reading.tables, organizationId, selection, { limit, after })
        options?.signal?.throwIfAborted()
        if (rows === undefined && after === undefined) {
          yield* askAPI(reading, notListed(organizationId), () => fromAPI)
          return
        }
        yield* rows ?? []
        const last = rows?.at(-1)
        if (rows === undefined || rows.length < limit || last === undefined) return
        after = { createdAt: last.createdAt, id: last.id }
      }
    },
  }
}
