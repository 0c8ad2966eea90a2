import { useStore } from '../provider.js'
import type { OrganizationMembershipsStore } from '../store.js'
import {
  type OrganizationMembershipOptions,
  useOrganizationMembership,
} from './use-organization-membership.js'

export interface OrganizationPermissionResponse {
  /**
   * Whether the member has the permission; `false` for somebody who is not a member; `undefined` while that is not
   * known, also while a change of the member has not been confirmed.
   */
  readonly isAllowed: boolean | undefined
  /** Why the last fetch failed. */
  readonly error: Error | undefined
  /** A fetch is under way and there is nothing to tell yet. */
  readonly isLoading: boolean
}

/**
 * Whether a member has a permission, for what a page shows. It reads the membership, which holds system permissions
 * (`org:sys_…`) too; Clerk's `has()` does not. Your backend still has to check every request.
 *
 * @example
 * ```tsx
 * const { isAllowed } = useOrganizationPermission(organizationId, userId, 'org:sys_memberships:manage')
 * ```
 */
export function useOrganizationPermission(
  organizationId: string | null | undefined,
  userId: string | null | undefined,
  permission: string,
  options?: OrganizationMembershipOptions,
): OrganizationPermissionResponse {
  const member = useOrganizationMembership(organizationId, userId, options)
  const { data, error, isLoading, isOptimistic } = member
  const isKnown = data !== undefined && !isOptimistic
  return {
    isAllowed: isKnown ? (data?.permissions.includes(permission) ?? false) : undefined,
    error,
    isLoading,
  }
}

/**
 * The store of the provider above, for `reset()` at sign-out and `preload()` on hover.
 *
 * @throws Error outside of a provider
 */
export function useOrganizationMembershipsStore(): OrganizationMembershipsStore {
  return useStore('useOrganizationMembershipsStore')
}
