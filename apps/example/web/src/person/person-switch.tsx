import { Flex, Group, SegmentedControl, Text } from '@mantine/core'
import type { DemoPerson } from '../app/demo.js'

/** Who the reader is: the emulator signs in whoever is picked here. */
export function PersonSwitch({
  people,
  you,
  onChange,
}: {
  people: DemoPerson[]
  you: DemoPerson
  onChange: (person: DemoPerson) => void
}) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" c="dimmed" aria-hidden visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
        You are
      </Text>
      <SegmentedControl
        size="xs"
        aria-label="You are"
        fullWidth
        w="100%"
        value={you.userId}
        onChange={(userId) => {
          const person = people.find((candidate) => candidate.userId === userId)
          if (person !== undefined) onChange(person)
        }}
        data={people.map((person) => ({
          value: person.userId,
          label: <PersonLabel person={person} />,
        }))}
      />
    </Group>
  )
}

function PersonLabel({ person }: { person: DemoPerson }) {
  return (
    <Flex direction={{ base: 'column', sm: 'row' }} columnGap={6} align="center" justify="center">
      <span>{person.name}</span>
      <Text span size="xs" inherit fw={400}>
        {person.role === 'org:admin' ? 'admin' : 'member'}
      </Text>
    </Flex>
  )
}
