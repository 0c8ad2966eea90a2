import { SignIn } from '@clerk/react'
import { Container, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { Demo } from '../app/demo.js'

/** Clerk's own sign-in, in the page. Its steps are in the address behind the `#`, and the rest of the address stays. */
export function ClerkSignIn({ organization }: { organization: Demo['organization'] }) {
  return (
    <Container component="main" size="xs" py={{ base: 'lg', sm: 'xl' }}>
      <Stack align="center" gap="lg">
        <div>
          <Title order={1} size="h2" ta="center">
            Members
          </Title>
          <Text c="dimmed" size="sm" ta="center">
            Sign in to see who belongs to {organization.name}.
          </Text>
        </div>
        <SignIn
          routing="hash"
          fallbackRedirectUrl={location.pathname + location.search}
          fallback={<Skeleton h={400} w="100%" maw={400} />}
        />
      </Stack>
    </Container>
  )
}
