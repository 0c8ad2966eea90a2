import { Box, Container, Group, Skeleton, Title } from '@mantine/core'
import { Header } from '../layout/header.js'
import { MemberListSkeleton } from '../members/member-list-skeleton.js'
import { OverviewSkeleton } from '../overview/overview-panel.js'

/** The page's shape before it knows whose members it shows. */
export function AppSkeleton() {
  return (
    <>
      <Header organizationName={null}>
        <Skeleton h={{ base: 57, sm: 36 }} w={{ base: '100%', sm: 340 }} />
      </Header>
      <Box
        h={{ base: 115, md: 55 }}
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
      <Group justify="space-between" mb="lg" gap="sm" mih={{ base: 108, sm: 58 }}>
        <Title order={1} size="h2">
          Members
        </Title>
        <Skeleton h={36} w={160} />
      </Group>
      <OverviewSkeleton />
      <Skeleton mb="md" h={{ base: 132, sm: 36 }} />
      <MemberListSkeleton />
    </Container>
  )
}
