import { Box, Flex, Group, Progress, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { roleLabel } from '../members/roles.js'
import { inNumbers } from './figures-in-words.js'
import type { Overview } from './overview.js'

/** px. The same for the picture and for what stands in its place. */
export const drawingHeight = 150

/** Side by side on a narrow screen, so that the list is not pushed down by more than it has to be. */
export const roleColumns = { base: 2, sm: 1 }

/** Roles beside joins where there is room, else one above the other. */
export function Columns({
  roles,
  caption,
  joins,
}: {
  roles: ReactNode
  /** What the picture of the joins says, in words. */
  caption: ReactNode
  joins: ReactNode
}) {
  return (
    <Flex direction={{ base: 'column', sm: 'row' }} gap={{ base: 'lg', sm: 'xl' }}>
      <Box flex={{ base: '0 0 auto', sm: '0 0 240px' }}>
        <Title>Members by role</Title>
        <Box mt={10} mih={34}>
          {roles}
        </Box>
      </Box>
      <Box flex="1 1 0" miw={0}>
        <Flex justify="space-between" columnGap="md" wrap="wrap" mb={6} mih={{ base: 66, md: 22 }}>
          <Title>When today’s members joined</Title>
          {caption}
        </Flex>
        <Box mih={drawingHeight}>{joins}</Box>
      </Box>
    </Flex>
  )
}

function Title({ children }: { children: string }) {
  return (
    <Text component="h2" size="sm" fw={650} lh="22px" m={0}>
      {children}
    </Text>
  )
}

/** How many have each role. The figures are text: a bar for four admins beside ten thousand is a hair. */
export function RoleFigures({ overview: { roles, total } }: { overview: Overview }) {
  return (
    <SimpleGrid
      component="ul"
      cols={roleColumns}
      spacing="md"
      p={0}
      m={0}
      style={{ listStyle: 'none' }}
    >
      {roles.map(({ role, name, count }) => (
        <li key={role} data-role={role}>
          <Group justify="space-between" mb={4} wrap="nowrap">
            <Text size="sm" lh="22px">
              {nameOf(role, name)}
            </Text>
            <Text size="sm" lh="22px" fw={600} style={{ fontVariantNumeric: 'tabular-nums' }}>
              {inNumbers(count)}
            </Text>
          </Group>
          <Progress.Root size={8} aria-hidden>
            {/* Never nothing, where there is somebody. */}
            <Progress.Section value={Math.max((100 * count) / total, 1)} withAria={false} />
          </Progress.Root>
        </li>
      ))}
    </SimpleGrid>
  )
}

function nameOf(role: string, name: string): string {
  const label = roleLabel(role)
  return label === role ? name : label
}
