import type { OrganizationMembership, RequestOptions } from '@org-memberships/core'
import type { MirrorContext } from '../options.js'
import { type MemberId, takeMoment } from '../rows/tables.js'
import { writeReadings } from '../rows/write.js'
import { pause } from './pause.js'

/**
 * Asks the API about one member, and stores its response. Shortly after a write of ours the API may be behind it: what
 * contradicts that write is asked again once a replica cannot be.
 */
export async function readThrough(
  context: MirrorContext,
  member: MemberId,
  options?: RequestOptions,
): Promise<OrganizationMembership | null> {
  const { membership, heldFor } = await readOnce(context, member, options)
  if (heldFor === 0) return membership
  await pause(heldFor + 1, options?.signal)
  return (await readOnce(context, member, options)).membership
}

async function readOnce(
  { client, tables, keepPrivateMetadata, onError }: MirrorContext,
  member: MemberId,
  options: RequestOptions | undefined,
): Promise<{ membership: OrganizationMembership | null; heldFor: number }> {
  const moment = await takeMoment(tables)
  const membership = await client.get(member, options)
  try {
    const { heldFor } = await writeReadings(tables, [{ ...member, membership }], {
      moment,
      source: 'read',
      unknown: 'insert',
      keepPrivateMetadata,
    })
    return { membership, heldFor }
  } catch (error) {
    // The caller has the response, and the row is as stale as it was.
    onError(error)
    return { membership, heldFor: 0 }
  }
}
