import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  createOrganizationMembershipsStore,
  OrganizationMembershipsProvider,
} from '@org-memberships/react'
import { useLayoutEffect, useState } from 'react'
import type { GetToken } from '../app/session.js'
import { MembersPage } from '../members/members-page.js'

/** Where the Nest backend mounts the membership routes. */
const baseURL = '/api/v1'

/** The members page with a client that asks as one person. */
export function MembershipsOf({
  organization,
  yourUserId,
  getToken,
}: {
  organization: { id: string; name: string }
  yourUserId: string | null
  getToken: GetToken
}) {
  const [store] = useState(() =>
    createOrganizationMembershipsStore(new OrganizationMembershipsClient({ baseURL, getToken })),
  )
  // What this person was allowed to see is forgotten when they leave: in the layout phase, so before the lists of the
  // next person start to load.
  useLayoutEffect(() => () => store.reset(), [store])

  return (
    <OrganizationMembershipsProvider store={store}>
      <MembersPage organization={organization} yourUserId={yourUserId} getToken={getToken} />
    </OrganizationMembershipsProvider>
  )
}
