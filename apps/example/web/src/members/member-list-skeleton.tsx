import { Group, Paper, Skeleton, Stack, VisuallyHidden } from '@mantine/core'

/** The list's shape while its first page is on the way. */
export function MemberListSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Paper withBorder radius="lg" p="md" role="status">
      <VisuallyHidden>Loading the members</VisuallyHidden>
      <Stack gap="lg">
        {Array.from({ length: rows }, (_, index) => (
          <Group key={index} wrap="nowrap">
            <Skeleton circle h={36} w={36} />
            <Stack gap={6} flex={1}>
              <Skeleton h={12} w="40%" />
              <Skeleton h={10} w="60%" />
            </Stack>
            <Skeleton h={30} w={110} visibleFrom="xs" />
          </Group>
        ))}
      </Stack>
    </Paper>
  )
}
