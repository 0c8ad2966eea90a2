import { Alert, Button, Container, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { GetToken } from '../app/session.js'
import { Header } from '../layout/header.js'
import { MembershipsOf } from './memberships-of.js'

/**
 * With real Clerk: this page has no sign-in of its own, so the reader brings a session token from an app of theirs. It
 * stays in memory; Clerk's tokens live for a minute, and then the server says so.
 */
export function BringToken({ organization }: { organization: { id: string; name: string } }) {
  const [typed, setTyped] = useState('')
  const [token, setToken] = useState<string | null>(null)
  const getToken = useMemo<GetToken>(() => async () => token, [token])

  if (token !== null) {
    return (
      <>
        <Header organizationName={organization.name}>
          <Button variant="default" onClick={() => setToken(null)}>
            Use another token
          </Button>
        </Header>
        <MembershipsOf
          key={token}
          organization={organization}
          yourUserId={null}
          candidateName={null}
          getToken={getToken}
        />
      </>
    )
  }
  return (
    <>
      <Header organizationName={organization.name}>{null}</Header>
      <Container size="xs" py="xl">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setToken(typed.trim())
          }}
        >
          <Stack>
            <Title order={1} size="h2">
              Bring a session token
            </Title>
            <Text size="sm">
              The backend talks to your Clerk instance. Signing in is not part of this page yet: in
              a page of yours where you are signed in with Clerk, run{' '}
              <code>await Clerk.session.getToken()</code> in the console and paste the result here.
            </Text>
            <PasswordInput
              label="Session token"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <Button type="submit" disabled={typed.trim() === ''}>
              Show the members
            </Button>
            <Alert variant="default" title="These are real members">
              What you change here is changed in your Clerk instance. A token lives for about a
              minute.
            </Alert>
          </Stack>
        </form>
      </Container>
    </>
  )
}
