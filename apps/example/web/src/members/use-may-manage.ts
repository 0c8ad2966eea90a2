import { useOrganizationMembership } from '@org-memberships/react'
import { useURLState } from '../app/url-state.js'

/**
 * Whether the reader may change who belongs to the organization, so that the page offers only what works. The server
 * checks every request by itself; `?anyway=1` offers everything, to see it refuse.
 */
export function useMayManage(organizationId: string, yourUserId: string): boolean {
  const { data } = useOrganizationMembership(organizationId, yourUserId)
  const triesAnyway = useURLState('anyway') !== ''
  return triesAnyway || (data?.permissions.includes('org:sys_memberships:manage') ?? false)
}
