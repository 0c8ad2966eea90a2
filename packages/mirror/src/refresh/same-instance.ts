import type { OrganizationMembershipPage } from '@org-memberships/core'
import { UnconfirmedRemovalError } from '../errors.js'
import { pairsOf } from '../rows/invalidate.js'
import type { Tables } from '../rows/tables.js'

/**
 * A key of another instance would mix that instance's members into these tables. The oldest memberships of an instance that
 * has been listed before are known here, some of them at least.
 *
 * @param page the oldest memberships of the instance
 * @throws UnconfirmedRemovalError
 */
export async function assertSameInstance(
  { database, quoted, schema }: Tables,
  { data }: OrganizationMembershipPage,
): Promise<void> {
  const listed = data.flatMap(({ organization, publicUserData }) =>
    publicUserData ? [{ organizationId: organization.id, userId: publicUserData.userId }] : [],
  )
  if (listed.length === 0) return
  const { rows } = await database.query(
    `select 1 as foreign_instance from ${quoted}.mirror_state s where s.listed_version is not null
  and exists (select from ${quoted}.memberships where membership is not null)
  and not exists (select from jsonb_array_elements($1::text::jsonb) x
    join ${quoted}.memberships m on m.organization_id = x ->> 0 and m.user_id = x ->> 1)`,
    [pairsOf(listed)],
  )
  if (rows.length === 0) return
  throw new UnconfirmedRemovalError(
    `The API lists none of the members of the schema "${schema}": is the client's key of the right instance? Nothing was stored. ` +
      'If the instance was emptied and filled anew, call reconcile({ allowRemovals: true }).',
  )
}
