import type {
  GetOrganizationMembershipParams,
  OrganizationMembership,
  RequestOptions,
} from '@org-memberships/core'
import { toPathSegment } from '@org-memberships/core/contract'
import type { MirrorContext } from '../options.js'
import { checkOrganization } from '../refresh/check.js'
import { readThrough } from '../refresh/read-through.js'
import type { OrganizationUses } from '../refresh/uses.js'
import { readTrusted } from '../rows/trusted.js'

/**
 * One member, or `null` where the user is not a member: `get` of the client. From the rows where they may be trusted; one
 * check renews the trust in a whole organization; everything else is asked of the API.
 */
export async function get(
  context: MirrorContext,
  uses: OrganizationUses,
  params: GetOrganizationMembershipParams,
  options?: RequestOptions,
): Promise<OrganizationMembership | null> {
  const { organizationId, userId } = params ?? {}
  toPathSegment('organizationId', organizationId)
  toPathSegment('userId', userId)
  options?.signal?.throwIfAborted()
  const { tables, trustFor, onError } = context
  const member = { organizationId, userId }
  const known = await readTrusted(tables, member, trustFor)
  options?.signal?.throwIfAborted()
  uses.use(organizationId)
  if (known.state === 'trusted') return known.membership
  if (known.state === 'old') {
    // Without the caller's signal: others wait for the same check.
    const checked = await uses
      .check(organizationId, () => checkOrganization(context, organizationId))
      .catch((error: unknown) => {
        onError(error)
        return 'unclear' as const
      })
    options?.signal?.throwIfAborted()
    if (checked === 'renewed') {
      const renewed = await readTrusted(tables, member, trustFor)
      if (renewed.state === 'trusted') return renewed.membership
    }
  }
  return readThrough(context, member, options)
}
