import { Box, Container, Flex, Group, Skeleton, Text, ThemeIcon } from '@mantine/core'
import type { ReactNode } from 'react'
import { ColorSchemeToggle } from './color-scheme-toggle.js'
import { GlobeMark } from './icons.js'

/** The bar on top: whose page this is, and who is looking at it. */
export function Header({
  organizationName,
  children = null,
}: {
  /** `null` while it is not known. */
  organizationName: string | null
  /** Who is looking at it, where the page knows. */
  children?: ReactNode
}) {
  return (
    <Box
      component="header"
      bg="var(--mantine-color-body)"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Container size="lg" py="sm">
        <Flex justify="space-between" align="center" gap="sm" wrap="wrap">
          <Group gap="sm" wrap="nowrap">
            <ThemeIcon size={38} radius="md">
              <GlobeMark />
            </ThemeIcon>
            {organizationName === null ? (
              <Skeleton h={18} w={150} />
            ) : (
              <Text fw={650} size="lg">
                {organizationName}
              </Text>
            )}
          </Group>
          <Box w={{ base: '100%', sm: 'auto' }} ml={{ base: 0, sm: 'auto' }} style={{ order: 2 }}>
            {children}
          </Box>
          <Box style={{ order: 1 }} display={{ base: 'block', sm: 'none' }}>
            <ColorSchemeToggle />
          </Box>
          <Box style={{ order: 3 }} display={{ base: 'none', sm: 'block' }}>
            <ColorSchemeToggle />
          </Box>
        </Flex>
      </Container>
    </Box>
  )
}
