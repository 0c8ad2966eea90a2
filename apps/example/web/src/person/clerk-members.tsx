import { UserButton } from '@clerk/react'
import { Flex } from '@mantine/core'
import type { OrganizationMembershipsStore } from '@org-memberships/react'
import type { Demo } from '../app/demo.js'
import type { GetToken } from '../app/session.js'
import { Header } from '../layout/header.js'
import { MembersPage } from '../members/members-page.js'
import { InstanceNotice } from './instance-notice.js'
import { MembershipsOf } from './memberships-of.js'
import { UnlessRefused } from './unless-refused.js'

/** The members page as whoever has signed in sees it, and the way out. Give it the session as its `key`. */
export function ClerkMembers({
  organization,
  isDevelopment,
  userId,
  store,
  getToken,
}: {
  organization: Demo['organization']
  isDevelopment: boolean
  userId: string
  store: OrganizationMembershipsStore
  getToken: GetToken
}) {
  return (
    <>
      <Header organizationName={organization.name}>
        <Flex align="center" mih={38}>
          <UserButton showName />
        </Flex>
      </Header>
      <InstanceNotice isDevelopment={isDevelopment} />
      <MembershipsOf store={store}>
        <UnlessRefused organization={organization} userId={userId}>
          <MembersPage
            organization={organization}
            yourUserId={userId}
            candidateName={null}
            getToken={getToken}
          />
        </UnlessRefused>
      </MembershipsOf>
    </>
  )
}
