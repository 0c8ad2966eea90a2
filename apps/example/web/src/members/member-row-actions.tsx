import { Group } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { IconAction } from '../layout/icon-action.js'
import { BracesIcon, RemoveIcon } from '../layout/icons.js'
import { memberName, memberUserId } from './member-name.js'
import { MemberStatus } from './member-status.js'
import type { WriteKind } from './use-failed-writes.js'

/** The two buttons that open a dialog about one member, beside what becomes of the changes. */
export function MemberRowActions({
  organizationId,
  membership,
  mayManage,
  failedWrite,
  onEdit,
  onRemove,
}: {
  organizationId: string
  membership: OrganizationMembership
  mayManage: boolean
  failedWrite: WriteKind | undefined
  onEdit: (membership: OrganizationMembership) => void
  onRemove: (membership: OrganizationMembership) => void
}) {
  const name = memberName(membership)
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <MemberStatus
        organizationId={organizationId}
        userId={memberUserId(membership)}
        failedWrite={failedWrite}
      />
      {mayManage && (
        <>
          <IconAction
            hint="Edit metadata"
            variant="subtle"
            // The same role of colour on white and on black; the shades of `color` are not.
            style={{ '--ai-color': 'var(--mantine-color-dimmed)' }}
            size="lg"
            aria-label={`Edit metadata of ${name}`}
            onClick={() => onEdit(membership)}
          >
            <BracesIcon />
          </IconAction>
          <IconAction
            hint="Remove member"
            variant="subtle"
            color="red"
            style={{ '--ai-color': 'var(--mantine-color-error)' }}
            size="lg"
            aria-label={`Remove ${name}`}
            data-removes={memberUserId(membership)}
            onClick={() => onRemove(membership)}
          >
            <RemoveIcon />
          </IconAction>
        </>
      )}
    </Group>
  )
}

/** The button that removes the member after this one, else the one before; `null` if there is no other in sight. */
export function removeButtonBeside(userId: string): HTMLElement | null {
  const buttons = [...document.querySelectorAll<HTMLElement>('[data-removes]')]
  const index = buttons.findIndex(({ dataset }) => dataset['removes'] === userId)
  return buttons[index + 1] ?? buttons[index - 1] ?? null
}
