import { Box, Container, Group, Skeleton, Title } from '@mantine/core'
import { Header } from '../layout/header.js'
import { MemberListSkeleton } from '../members/member-list-skeleton.js'
import { OverviewSkeleton } from '../overview/overview-panel.js'

/** The page's shape before it knows whose members it shows. */
export function AppSkeleton() {
  return (
    <>
      <Header organizationName={null} />
      <Box
        h={{ base: 55, sm: 71 }}
        style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
      />
      <MembersSkeleton />
    </>
  )
}

/** The same of what is below the header. */
export function MembersSkeleton() {
  return (
    <Container component="main" size="lg" py={{ base: 'md', sm: 'xl' }}>
      <Group
        justify="space-between"
        mb={{ base: 'sm', sm: 'lg' }}
        gap="xs"
        mih={{ base: 36, sm: 58 }}
      >
        <Title order={1} fz={{ base: 'h3', sm: 'h2' }}>
          Members
        </Title>
        <Skeleton h={36} w={{ base: 92, sm: 175 }} />
      </Group>
      <OverviewSkeleton />
      <Skeleton mb="md" h={{ base: 132, sm: 36 }} />
      <MemberListSkeleton />
    </Container>
  )
}
