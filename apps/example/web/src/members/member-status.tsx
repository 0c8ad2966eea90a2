import { Box, Group, Loader, Text } from '@mantine/core'
import { useOrganizationMembershipStatus } from '@org-memberships/react'
import type { WriteKind } from './use-failed-writes.js'

const notDone: { [Kind in WriteKind]: string } = {
  role: 'Role not changed',
  metadata: 'Metadata not saved',
  removal: 'Not removed',
}

/**
 * What becomes of the changes to one member: on the way, refused, or nothing to say. It subscribes by itself, so a
 * spinner in one row renders no other row. Its place is there at all times, so that nothing moves when it speaks.
 */
export function MemberStatus({
  organizationId,
  userId,
  failedWrite,
}: {
  organizationId: string
  userId: string
  /** `undefined` if nothing failed, or the reader has been told. */
  failedWrite: WriteKind | undefined
}) {
  const { pending } = useOrganizationMembershipStatus(organizationId, userId)
  return (
    <Box w={72} h={34} style={{ flexShrink: 0, display: 'grid', alignContent: 'center' }}>
      {pending > 0 ? (
        <Group gap={6} wrap="nowrap" justify="flex-end" role="status">
          <Loader size={12} />
          <Text size="xs" c="dimmed">
            Saving
          </Text>
        </Group>
      ) : (
        // Why is said in the corner or the dialog; this stays, to find the row again.
        failedWrite !== undefined && (
          <Text size="xs" lh={1.3} ta="right" c="var(--mantine-color-error)">
            {notDone[failedWrite]}
          </Text>
        )
      )}
    </Box>
  )
}
