import type { OrganizationMembershipsClient, OrganizationRole } from '@org-memberships/core'
import { refusal } from '../errors/refusal.js'
import { Lanes } from './lanes.js'
import type { MembershipCall } from './membership-access.js'

/**
 * Keeps an organization from losing the last member who can run it.
 *
 * The check and the change are two requests. Of two admins who remove each other at the same moment, both would find
 * two admins; so the changes that can lower the number run one after the other for each organization. That holds in
 * one process: two processes can still do it to each other.
 *
 *     without a lane                          in a lane
 *     A: count 2 ──────── remove B            A: count 2 ── remove B
 *     B:    count 2 ── remove A               B:                     count 1 ── refused
 */
export class LastHolder {
  readonly #client: OrganizationMembershipsClient
  readonly #elevatedRoles: readonly OrganizationRole[]
  readonly #lanes = new Lanes()

  constructor(client: OrganizationMembershipsClient, elevatedRoles: readonly OrganizationRole[]) {
    this.#client = client
    this.#elevatedRoles = elevatedRoles
  }

  /** @throws HttpException 400 `organization_minimum_permissions_needed`, and does not run the change */
  async guard<T>(call: MembershipCall, run: () => Promise<T>): Promise<T> {
    if (!this.#canLowerTheNumber(call)) return run()
    return this.#lanes.run(call.organizationId, call.signal, async () => {
      await this.#check(call)
      return run()
    })
  }

  #canLowerTheNumber({ operation, role }: MembershipCall): boolean {
    if (this.#elevatedRoles.length === 0) return false
    if (operation === 'update') return !this.#elevatedRoles.some((elevated) => elevated === role)
    return operation === 'delete'
  }

  async #check({ organizationId, userId, signal }: MembershipCall): Promise<void> {
    const { data, totalCount } = await this.#client.list(
      { organizationId, role: this.#elevatedRoles, limit: 2 },
      { signal },
    )
    const isHolder = data.some(({ publicUserData }) => publicUserData?.userId === userId)
    if (totalCount > 1 || !isHolder) return
    throw refusal(400, {
      message: 'minimum organization permissions needed',
      long_message:
        'There has to be at least one organization member with the minimum required permissions',
      code: 'organization_minimum_permissions_needed',
    })
  }
}
