import { ActionIcon, Group, Tooltip } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { BracesIcon, RemoveIcon } from '../layout/icons.js'
import { memberName } from './member-name.js'

/** The two buttons that open a dialog about one member. */
export function MemberRowActions({
  membership,
  onEdit,
  onRemove,
}: {
  membership: OrganizationMembership
  onEdit: (membership: OrganizationMembership) => void
  onRemove: (membership: OrganizationMembership) => void
}) {
  const name = memberName(membership)
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Tooltip label="Edit metadata">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Edit metadata of ${name}`}
          onClick={() => onEdit(membership)}
        >
          <BracesIcon />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Remove">
        <ActionIcon
          variant="subtle"
          color="red"
          size="lg"
          aria-label={`Remove ${name}`}
          onClick={() => onRemove(membership)}
        >
          <RemoveIcon />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
