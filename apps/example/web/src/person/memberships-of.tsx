import {
  OrganizationMembershipsProvider,
  type OrganizationMembershipsStore,
} from '@org-memberships/react'
import type { ReactNode } from 'react'
import { SWRConfig } from 'swr'

/**
 * Gives what is below it the memberships as one person sees them. Give it the person as its `key`: with the component
 * goes the SWR cache with all that this person was allowed to see.
 */
export function MembershipsOf({
  store,
  children,
}: {
  store: OrganizationMembershipsStore
  children: ReactNode
}) {
  return (
    <SWRConfig value={ownCache}>
      <OrganizationMembershipsProvider store={store}>{children}</OrganizationMembershipsProvider>
    </SWRConfig>
  )
}

// Called once per mounted SWRConfig.
const ownCache = { provider: () => new Map() }
