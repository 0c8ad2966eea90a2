import type { OrganizationMembershipsClient, OrganizationRole } from '@org-memberships/core'
import { refusal } from '../errors/refusal.js'
import type { MembershipCall } from './membership-access.js'
import { uncertainMembersOf } from './uncertain-members.js'

/**
 * Keeps an organization from losing the last member who can run it.
 *
 * The check and the change are two requests. Of two admins who remove each other at the same moment, both would find
 * two admins; so the mounted routes run them as one step (`checkedChange`). That holds in one process: two processes can
 * still do it to each other.
 *
 *     two steps                               one step
 *     A: count 2 ──────── remove B            A: count 2 ── remove B
 *     B:    count 2 ── remove A               B:                     count 1 ── refused
 */
export class LastHolder {
  readonly #client: OrganizationMembershipsClient
  readonly #elevatedRoles: readonly OrganizationRole[]

  constructor(client: OrganizationMembershipsClient, elevatedRoles: readonly OrganizationRole[]) {
    this.#client = client
    this.#elevatedRoles = elevatedRoles
  }

  /** @throws HttpException 400 `organization_minimum_permissions_needed` where the change would leave nobody */
  async check(call: MembershipCall): Promise<void> {
    if (!this.#canLowerTheNumber(call)) return
    const { organizationId, userId: target, signal } = call
    const uncertain = uncertainMembersOf(this.#client)
    const { data } = await this.#client.list(
      {
        organizationId,
        role: this.#elevatedRoles,
        // Enough for one beside the target and those who may be gone.
        limit: Math.min(2 + uncertain.count(organizationId), 500),
      },
      { signal },
    )
    const holders = data.map(({ publicUserData }) => publicUserData?.userId)
    const remains = (id: string | undefined) =>
      id !== undefined && id !== target && !uncertain.has(organizationId, id)
    if (holders.some(remains)) return
    // A holder without user data may be the target.
    if (!holders.some((id) => id === undefined || id === target)) return
    throw refusal(400, {
      message: 'minimum organization permissions needed',
      long_message:
        'There has to be at least one organization member with the minimum required permissions',
      code: 'organization_minimum_permissions_needed',
    })
  }

  #canLowerTheNumber({ operation, role }: MembershipCall): boolean {
    if (this.#elevatedRoles.length === 0) return false
    if (operation === 'update') return !this.#elevatedRoles.some((elevated) => elevated === role)
    return operation === 'delete'
  }
}
