import { ClerkFailed, ClerkLoaded, ClerkLoading, ClerkProvider } from '@clerk/react'
import { Alert, Button, Container, Text } from '@mantine/core'
import { AppSkeleton } from '../app/app-skeleton.js'
import type { Demo } from '../app/demo.js'
import { goTo } from '../app/url-state.js'
import { clerkAppearance } from './clerk-appearance.js'
import { ClerkReader } from './clerk-reader.js'

/** The page with real Clerk: its sign-in first, then the members as whoever has signed in sees them. */
export function OnClerk({ demo: { organization, publishableKey } }: { demo: Demo }) {
  if (publishableKey === null) throw new Error('The backend does not work on Clerk.')
  return (
    <ClerkProvider
      publishableKey={publishableKey}
      appearance={clerkAppearance}
      telemetry={false}
      routerPush={(address) => goTo(address, 'push')}
      routerReplace={(address) => goTo(address, 'replace')}
    >
      <ClerkLoading>
        <AppSkeleton />
      </ClerkLoading>
      <ClerkFailed>
        <Unreachable />
      </ClerkFailed>
      <ClerkLoaded>
        <ClerkReader
          organization={organization}
          isDevelopment={publishableKey.startsWith('pk_test_')}
        />
      </ClerkLoaded>
    </ClerkProvider>
  )
}

function Unreachable() {
  return (
    <Container component="main" size="xs" py="xl">
      <Alert color="red" role="alert" title="Clerk cannot be reached">
        <Text size="sm">
          Its sign-in could not be loaded. Check the connection and the publishable key, then try
          again.
        </Text>
        <Button mt="sm" size="xs" variant="default" onClick={() => location.reload()}>
          Try again
        </Button>
      </Alert>
    </Container>
  )
}
