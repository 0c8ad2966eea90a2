import { OrganizationMembershipsClient } from '@org-memberships/core'
import { OrganizationMembershipsProvider } from '@org-memberships/react'
import { useState } from 'react'
import { SWRConfig } from 'swr'
import type { GetToken } from '../app/session.js'
import { MembersPage } from '../members/members-page.js'

/** Where the Nest backend mounts the membership routes. */
const baseURL = '/api/v1'

/**
 * The members page with a client that asks as one person. Give it the person as its `key`: with the component go the
 * client, its unconfirmed writes, and the SWR cache with all that this person was allowed to see.
 */
export function MembershipsOf({
  organization,
  yourUserId,
  candidateName,
  getToken,
}: {
  organization: { id: string; name: string }
  yourUserId: string | null
  candidateName: string | null
  getToken: GetToken
}) {
  const [client] = useState(
    // The backend tries again what is worth it. If both did, three attempts would be nine.
    () => new OrganizationMembershipsClient({ baseURL, getToken, maxRetries: 0 }),
  )
  return (
    <SWRConfig value={ownCache}>
      <OrganizationMembershipsProvider client={client}>
        <MembersPage
          organization={organization}
          yourUserId={yourUserId}
          candidateName={candidateName}
          getToken={getToken}
        />
      </OrganizationMembershipsProvider>
    </SWRConfig>
  )
}

// Called once per mounted SWRConfig.
const ownCache = { provider: () => new Map() }
