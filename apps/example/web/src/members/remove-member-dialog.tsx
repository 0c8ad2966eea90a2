import { Button, Modal, Text } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { DialogFooter } from '../layout/dialog-footer.js'
import { memberName } from './member-name.js'

/** Asks once more: a removed member cannot be brought back with the metadata they had. */
export function RemoveMemberDialog({
  membership,
  isYou,
  organizationName,
  onConfirm,
  onClose,
}: {
  membership: OrganizationMembership
  isYou: boolean
  organizationName: string
  /** Removes the member, and closes the dialog. */
  onConfirm: (membership: OrganizationMembership) => void
  onClose: () => void
}) {
  const name = memberName(membership)
  return (
    <Modal opened onClose={onClose} title={`Remove ${name}?`} size="sm">
      <Text size="sm">
        {isYou
          ? `You lose access to ${organizationName} at once, and an admin has to let you in again.`
          : `${name} loses access to ${organizationName} at once. The role and the metadata of the membership are gone with it; the account stays.`}
      </Text>
      <DialogFooter>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep
        </Button>
        <Button color="red.9" onClick={() => onConfirm(membership)}>
          Remove
        </Button>
      </DialogFooter>
    </Modal>
  )
}
