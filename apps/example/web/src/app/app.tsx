import { Alert, Button, Container, Text } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import useSWR from 'swr'
import { AsPerson } from '../person/as-person.js'
import { AppSkeleton } from './app-skeleton.js'
import { type Demo, fetchDemo } from './demo.js'
import { DemoRequestError } from './read-json.js'

/** Asks the backend what it serves, then shows it to whoever the reader is. */
export function App() {
  const { data: page, error, mutate } = useSWR('page', fetchPage, { revalidateOnFocus: false })
  useDocumentTitle(page === undefined ? 'Members' : `Members of ${page.demo.organization.name}`)

  if (page !== undefined) return <page.View demo={page.demo} />
  if (error === undefined) return <AppSkeleton />
  return (
    <Container component="main" size="xs" py="xl">
      <Alert color="red" role="alert" title="The backend does not answer">
        <Text size="sm">
          {error instanceof DemoRequestError
            ? error.message
            : 'Check that it still runs, then try again.'}
        </Text>
        <Button mt="sm" size="xs" variant="default" onClick={() => void mutate()}>
          Try again
        </Button>
      </Alert>
    </Container>
  )
}

/**
 * What is served, and who shows it: one of the demo's people, or whoever signs in with Clerk. What knows Clerk is loaded
 * only where Clerk is used, and before it is rendered. With Suspense, React would hold it back for a moment, in which
 * Clerk can get ready; its provider waits for ever when it is mounted only then.
 */
async function fetchPage() {
  const demo: Demo = await fetchDemo()
  if (demo.publishableKey === null) return { demo, View: AsPerson }
  const { OnClerk } = await import('../person/on-clerk.js')
  return { demo, View: OnClerk }
}
