import { SignOutButton, useUser } from '@clerk/react'
import { Alert, Button, Container, Group, Text } from '@mantine/core'
import {
  type APIError,
  isAuthenticationError,
  isPermissionDeniedError,
} from '@org-memberships/core'
import { useOrganizationMembership } from '@org-memberships/react'
import type { ReactNode } from 'react'
import { MembersSkeleton } from '../app/app-skeleton.js'
import type { Demo } from '../app/demo.js'

/** Asks for the reader's own membership first, and says in words why the server would answer nothing of what is below. */
export function UnlessRefused({
  organization,
  userId,
  children,
}: {
  organization: Demo['organization']
  userId: string
  children: ReactNode
}) {
  const { error, isLoading, mutate } = useOrganizationMembership(organization.id, userId)

  if (isPermissionDeniedError(error)) {
    return (
      <Refusal
        title={`You cannot see the members of ${organization.name}`}
        error={error}
        hint={`Ask an admin of the organization to ${isRoleShort(error) ? 'give you a role that may see them' : 'add you'}, or sign in as somebody else.`}
        onRetry={() => void mutate()}
      />
    )
  }
  if (isAuthenticationError(error)) {
    return (
      <Refusal
        title="The backend does not accept your session"
        error={error}
        hint={`Clerk made it for ${location.origin}. Open the page at the address that start printed, or name this one in CLERK_AUTHORIZED_PARTIES.`}
        onRetry={() => void mutate()}
      />
    )
  }
  // Whoever is refused would be so for each request that is made below.
  if (isLoading) return <MembersSkeleton />
  return children
}

/** True for a member whose role may not see the others. By the words: both refusals have the one code that Clerk has. */
function isRoleShort({ errors }: APIError): boolean {
  return errors[0]?.long_message?.startsWith('This takes the permission') ?? false
}

function Refusal({
  title,
  error,
  hint,
  onRetry,
}: {
  title: string
  error: APIError
  hint: string
  onRetry: () => void
}) {
  const { user } = useUser()
  const you = user?.primaryEmailAddress?.emailAddress ?? user?.username ?? user?.id
  return (
    <Container component="main" size="sm" py="xl">
      <Alert color="red" role="alert" title={title}>
        <Text size="sm">
          You are signed in as {you}. The server answered {error.status}:{' '}
          {error.errors[0]?.long_message}
        </Text>
        <Text size="sm" mt="xs">
          {hint}
        </Text>
        <Group mt="sm" gap="xs">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
          <SignOutButton>
            <Button size="xs" variant="default">
              Sign out
            </Button>
          </SignOutButton>
        </Group>
      </Alert>
    </Container>
  )
}
