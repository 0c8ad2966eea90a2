import type { OrganizationMembership, RequestOptions } from '@org-memberships/core'
import type { MirrorContext } from '../options.js'
import { type MemberId, takeMoment } from '../rows/tables.js'
import { writeReadings } from '../rows/write.js'

/** Asks the API about one member, and stores its response. */
export async function readThrough(
  { client, tables, keepPrivateMetadata, onError }: MirrorContext,
  member: MemberId,
  options?: RequestOptions,
): Promise<OrganizationMembership | null> {
  const moment = await takeMoment(tables)
  const membership = await client.get(member, options)
  try {
    await writeReadings(tables, [{ ...member, membership }], {
      moment,
      source: 'read',
      unknown: 'insert',
      keepPrivateMetadata,
    })
  } catch (error) {
    // The caller has the response, and the row is as stale as it was.
    onError(error)
  }
  return membership
}
