import { Group, Loader, Text } from '@mantine/core'
import { useOrganizationMembershipStatus } from '@org-memberships/react'

/**
 * What becomes of the changes to one member: on the way, refused, or nothing to say. It subscribes by itself, so a
 * spinner in one row renders no other row.
 */
export function MemberStatus({
  organizationId,
  userId,
}: {
  organizationId: string
  userId: string
}) {
  const { pending, error } = useOrganizationMembershipStatus(organizationId, userId)
  if (pending > 0) {
    return (
      <Group gap={6} wrap="nowrap" mt={4} role="status">
        <Loader size={12} />
        <Text size="xs" c="dimmed">
          Saving
        </Text>
      </Group>
    )
  }
  if (error === undefined) return null
  // Why is said in the corner or the dialog; this stays, to find the row again.
  return (
    <Text size="xs" c="var(--mantine-color-error)" mt={4}>
      Not changed
    </Text>
  )
}
