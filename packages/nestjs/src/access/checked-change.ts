import type { OrganizationMembershipsClient } from '@org-memberships/core'
import { untilAborted } from '../abort/until-aborted.js'
import { ownMembershipUncertain } from '../errors/refusal.js'
import { lanesOf } from './lanes.js'
import type { MembershipAccess, MembershipCall } from './membership-access.js'
import { callerOf } from './membership-grant.js'
import { requireAccess } from './require-access.js'
import { SentChanges } from './sent-changes.js'
import { uncertainMembersOf } from './uncertain-members.js'

export interface ChangeParties {
  readonly client: OrganizationMembershipsClient
  readonly access: MembershipAccess
  /** Whose change it is, as the first check of access found. */
  readonly caller: string | object
}

/**
 * Checks a change and sends it, as one step: no other change of the organization through the same client comes between.
 *
 *     waits for its turn ── authorize, fresh ── access.change ── sent ── outcome known ──▶ the next turn
 *     the caller may leave  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·  ·│ from here on it goes on without the caller
 *
 * Updates and removals run alone. A create, or a change of metadata, takes nothing away from anybody who is waiting:
 * these run beside each other.
 *
 * @param send sends the change upstream, and must not end when the caller leaves
 * @throws HttpException 403 where the policy refuses the change now, 429 where too many wait, 503 where it is not known
 * whether the caller still is a member
 */
export async function checkedChange<T>(
  { client, access, caller }: ChangeParties,
  given: MembershipCall,
  send: () => Promise<T>,
): Promise<T> {
  const { organizationId, operation, signal } = given
  const kind = operation === 'update' || operation === 'delete' ? 'alone' : 'shared'
  const call: MembershipCall = { ...given, fresh: true }

  const change = lanesOf(client).run(organizationId, { caller, kind, signal }, async () => {
    const sent = new SentChanges(client, call)
    const run = async (): Promise<T> => {
      const user = callerOf(await requireAccess(access, call))
      if (user !== undefined && uncertainMembersOf(client).has(organizationId, user)) {
        throw ownMembershipUncertain()
      }
      return access.change(call, () => sent.send(send))
    }
    try {
      return await untilAborted(run(), signal)
    } finally {
      await sent.close()
    }
  })
  // The caller is answered in time; the turn lasts until the outcome is known.
  return untilAborted(change, signal)
}
