import { Avatar, Group, Text } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { memberName } from './member-name.js'

/** Initials, name and address. */
export function MemberIdentity({
  membership,
  isYou,
}: {
  membership: OrganizationMembership
  isYou: boolean
}) {
  const name = memberName(membership)
  return (
    <Group gap="sm" wrap="nowrap" miw={0}>
      <Avatar name={name} color="initials" size={36} aria-hidden />
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} truncate title={name}>
          {name}
          {isYou && (
            <Text span size="xs" c="dimmed" fw={500}>
              {' '}
              (you)
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" truncate title={membership.publicUserData?.identifier ?? ''}>
          {membership.publicUserData?.identifier}
        </Text>
      </div>
    </Group>
  )
}
