import { Box, Container, Text } from '@mantine/core'

/** With real Clerk, on top of every page: that this is no demo. */
export function InstanceNotice({ isDevelopment }: { isDevelopment: boolean }) {
  return (
    <Box
      component="section"
      aria-label="About this instance"
      bg="var(--mantine-color-default-hover)"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Container size="lg" py={6}>
        <Text size="sm">
          <Text span inherit fw={600}>
            This is your Clerk instance.
          </Text>{' '}
          What you change here is changed there.
          {isDevelopment && ' It is a development instance, which Clerk caps at 100 users.'}
        </Text>
      </Container>
    </Box>
  )
}
