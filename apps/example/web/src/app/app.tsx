import { Alert, Button, Container, Text } from '@mantine/core'
import useSWR from 'swr'
import { SignedIn } from '../person/signed-in.js'
import { AppSkeleton } from './app-skeleton.js'
import { fetchDemo } from './demo.js'

/** Asks the backend what it serves, then shows it. */
export function App() {
  const { data: demo, error, mutate } = useSWR('demo', fetchDemo, { revalidateOnFocus: false })

  if (demo !== undefined) return <SignedIn demo={demo} />
  if (error === undefined) return <AppSkeleton />
  return (
    <Container size="xs" py="xl">
      <Alert color="red" role="alert" title="The backend does not answer">
        <Text size="sm">Check that it still runs, then try again.</Text>
        <Button mt="sm" size="xs" variant="default" onClick={() => void mutate()}>
          Try again
        </Button>
      </Alert>
    </Container>
  )
}
