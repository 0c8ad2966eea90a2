import { Box, Button, Container, Group, Text, Title } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { useCallback, useRef } from 'react'
import type { GetToken } from '../app/session.js'
import { PlusIcon } from '../layout/icons.js'
import { useDialog } from '../layout/use-dialog.js'
import { OverviewPanel } from '../overview/overview-panel.js'
import { AddMemberDialog } from './add-member-dialog.js'
import { EditMetadataDialog } from './edit-metadata-dialog.js'
import { useListState } from './list-state.js'
import { ListToolbar } from './list-toolbar.js'
import { MemberCount } from './member-count.js'
import { memberUserId } from './member-name.js'
import { removeButtonBeside } from './member-row-actions.js'
import { PagedMembers } from './paged-members.js'
import { RemoveMemberDialog } from './remove-member-dialog.js'
import { ScrolledMembers } from './scrolled-members.js'
import { useFailedWrites } from './use-failed-writes.js'
import { useMayManage } from './use-may-manage.js'
import { useMemberActions } from './use-member-actions.js'

type Dialog = { name: 'add' } | { name: 'edit' | 'remove'; membership: OrganizationMembership }

/** The members of one organization, and what can be done about them. */
export function MembersPage({
  organization,
  yourUserId,
  candidateName,
  getToken,
}: {
  organization: { id: string; name: string }
  yourUserId: string
  /** Somebody to try adding. */
  candidateName: string | null
  getToken: GetToken
}) {
  const { state, filters } = useListState()
  const { failedWrites, track, dismiss } = useFailedWrites()
  const mayManage = useMayManage(organization.id, yourUserId)
  const actions = useMemberActions(organization.id, track)
  const heading = useRef<HTMLHeadingElement>(null)
  const { dialog, open, close } = useDialog<Dialog>()
  const onEdit = useCallback(
    (membership: OrganizationMembership) => open({ name: 'edit', membership }),
    [open],
  )
  const onRemove = useCallback(
    (membership: OrganizationMembership) => open({ name: 'remove', membership }),
    [open],
  )
  const View = state.view === 'scroll' ? ScrolledMembers : PagedMembers

  return (
    <Container component="main" size="lg" py={{ base: 'md', sm: 'xl' }}>
      <Group justify="space-between" mb={{ base: 'sm', sm: 'lg' }} gap="xs" mih={36}>
        <div>
          <Group gap="xs">
            <Title
              order={1}
              fz={{ base: 'h3', sm: 'h2' }}
              ref={heading}
              tabIndex={-1}
              style={{ outline: 'none' }}
            >
              Members
            </Title>
            <MemberCount organizationId={organization.id} />
          </Group>
          <Text c="dimmed" size="sm" visibleFrom="sm">
            Who belongs to {organization.name}, with which role and metadata.
          </Text>
        </div>
        {mayManage && (
          <Button
            leftSection={<PlusIcon />}
            aria-label="Add a member"
            onClick={() => open({ name: 'add' })}
          >
            Add
            <Box visibleFrom="sm" component="span">
              &nbsp;a member
            </Box>
          </Button>
        )}
      </Group>

      <OverviewPanel getToken={getToken} />
      <ListToolbar state={state} />
      <View
        organization={organization}
        yourUserId={yourUserId}
        mayManage={mayManage}
        failedWrites={failedWrites}
        state={state}
        filters={filters}
        isNarrowed={state.search !== '' || state.role !== ''}
        onChangeRole={actions.changeRole}
        onEdit={onEdit}
        onRemove={onRemove}
      />

      {dialog?.name === 'add' && (
        <AddMemberDialog
          candidateName={candidateName}
          getToken={getToken}
          onAdd={actions.add}
          onClose={() => close()}
        />
      )}
      {dialog?.name === 'edit' && (
        <EditMetadataDialog
          membership={dialog.membership}
          onSave={actions.editMetadata}
          onRefusalRead={(membership) => dismiss(memberUserId(membership))}
          onClose={() => close()}
        />
      )}
      {dialog?.name === 'remove' && (
        <RemoveMemberDialog
          membership={dialog.membership}
          isYou={dialog.membership.publicUserData?.userId === yourUserId}
          organizationName={organization.name}
          onConfirm={(membership) => {
            // Before its row is gone, and with it the button that had the focus.
            close(removeButtonBeside(memberUserId(membership)) ?? heading.current)
            void actions.remove(membership)
          }}
          onClose={() => close()}
        />
      )}
    </Container>
  )
}
