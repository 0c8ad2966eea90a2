import { Alert, Avatar, Group, Loader, Radio, Stack, Text } from '@mantine/core'
import { inWords } from '../app/error-in-words.js'
import type { FoundPerson } from './people.js'
import { type PeopleSearch, shortestSearch } from './use-people-search.js'

/** What a search found, to choose one person from. */
export function PeopleResults({
  search,
  chosen,
  onChoose,
}: {
  search: PeopleSearch
  chosen: FoundPerson | null
  onChoose: (person: FoundPerson) => void
}) {
  if (search.state === 'idle') {
    return (
      <Hint>{`Type at least ${shortestSearch} letters of a name, or a whole email address.`}</Hint>
    )
  }
  if (search.state === 'searching') {
    return (
      <Group gap="xs" role="status">
        <Loader size="xs" />
        <Hint>Searching</Hint>
      </Group>
    )
  }
  if (search.state === 'failed') {
    const { title, message } = inWords(search.error, { verb: 'add members', unchanged: '' })
    return (
      <Alert color="red" title={title} role="alert">
        {message}
      </Alert>
    )
  }
  if (search.people.length === 0) {
    return <Hint>Nobody with an account matches. An address has to be complete.</Hint>
  }
  return (
    <Radio.Group
      aria-label="People found"
      value={chosen?.userId ?? null}
      onChange={(userId) => {
        const person = search.people.find((found) => found.userId === userId)
        if (person !== undefined) onChoose(person)
      }}
    >
      <Stack gap={6}>
        {search.people.every(({ isMember }) => isMember) && (
          <Hint>Everybody found is a member already.</Hint>
        )}
        {search.people.map((person) => (
          <Radio.Card
            key={person.userId}
            value={person.userId}
            disabled={person.isMember}
            aria-label={person.isMember ? `${person.name}, already a member` : person.name}
            p="xs"
            radius="md"
            style={person.isMember ? { cursor: 'not-allowed', opacity: 0.6 } : undefined}
          >
            <Group wrap="nowrap" gap="sm">
              <Radio.Indicator disabled={person.isMember} />
              <Avatar
                name={person.name}
                {...(person.isMember ? { color: 'gray' } : { color: 'initials' })}
                size={32}
                aria-hidden
              />
              <div style={{ minWidth: 0, flex: 1 }}>
                <Text size="sm" fw={600} c={person.isMember ? 'dimmed' : undefined}>
                  {person.name}
                </Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {person.isMember ? 'Already a member' : person.emailAddress}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  )
}

function Hint({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  )
}
