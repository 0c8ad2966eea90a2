import { Avatar, Group, Text } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { initialsOf, memberName } from './member-name.js'

/** Initials, name and address. */
export function MemberIdentity({
  membership,
  isYou,
}: {
  membership: OrganizationMembership
  isYou: boolean
}) {
  const { publicUserData } = membership
  const name = memberName(membership)
  return (
    <Group gap="sm" wrap="nowrap" miw={0}>
      {/* The name chooses the colour; the letters are ours, since the library's are halves of an emoji. */}
      <Avatar
        name={name}
        color="initials"
        size={36}
        aria-hidden
        {...(publicUserData?.hasImage && { src: publicUserData.imageUrl })}
      >
        {initialsOf(name)}
      </Avatar>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} truncate title={name} dir="auto">
          {name}
          {isYou && (
            <Text span size="xs" c="dimmed" fw={500}>
              {' '}
              (you)
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" truncate title={publicUserData?.identifier ?? ''}>
          {publicUserData?.identifier}
        </Text>
      </div>
    </Group>
  )
}
