import { useAuth, useClerk } from '@clerk/react'
import { useMemo } from 'react'
import { AppSkeleton } from '../app/app-skeleton.js'
import type { Demo } from '../app/demo.js'
import { createClerkSession } from '../app/session.js'
import { Header } from '../layout/header.js'
import { ClerkMembers } from './clerk-members.js'
import { ClerkSignIn } from './clerk-sign-in.js'
import { InstanceNotice } from './instance-notice.js'
import { useMembershipsStore } from './use-memberships-store.js'

/** Shows the sign-in to who is signed out, and the members to who is signed in. Stays while readers come and go. */
export function ClerkReader({
  organization,
  isDevelopment,
}: {
  organization: Demo['organization']
  isDevelopment: boolean
}) {
  const clerk = useClerk()
  const { isLoaded, sessionId, userId } = useAuth()
  const getToken = useMemo(
    () => (sessionId ? createClerkSession(clerk, sessionId) : null),
    [clerk, sessionId],
  )
  const store = useMembershipsStore(getToken)

  // Also between two sessions, while Clerk goes from one to the other.
  if (!isLoaded) return <AppSkeleton />
  if (getToken === null || store === null || userId === null) {
    return (
      <>
        <Header organizationName={organization.name} />
        <InstanceNotice isDevelopment={isDevelopment} />
        <ClerkSignIn organization={organization} />
      </>
    )
  }
  return (
    <ClerkMembers
      key={sessionId}
      organization={organization}
      isDevelopment={isDevelopment}
      userId={userId}
      store={store}
      getToken={getToken}
    />
  )
}
