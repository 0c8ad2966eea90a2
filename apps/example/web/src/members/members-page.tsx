import { Badge, Button, Container, Group, Text, Title } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { useOrganizationMemberships } from '@org-memberships/react'
import { useEffect } from 'react'
import type { GetToken } from '../app/session.js'
import { useDialog } from '../layout/use-dialog.js'
import { PlusIcon } from '../layout/icons.js'
import { AddMemberDialog } from './add-member-dialog.js'
import { EditMetadataDialog } from './edit-metadata-dialog.js'
import { ListFooter } from './list-footer.js'
import { pageSize, showList, showPage, useListState } from './list-state.js'
import { ListToolbar } from './list-toolbar.js'
import { ListError } from './list-error.js'
import { MemberListSkeleton } from './member-list-skeleton.js'
import { MemberList } from './member-list.js'
import { NoMembers } from './no-members.js'
import { RemoveMemberDialog } from './remove-member-dialog.js'
import { useMemberActions } from './use-member-actions.js'

type Dialog = { name: 'add' } | { name: 'edit' | 'remove'; membership: OrganizationMembership }

/** The members of one organization, page by page, and what can be done about them. */
export function MembersPage({
  organization,
  yourUserId,
  getToken,
}: {
  organization: { id: string; name: string }
  yourUserId: string | null
  getToken: GetToken
}) {
  const { state, query } = useListState()
  const { page } = state
  const isNarrowed = state.search !== '' || state.role !== ''
  const list = useOrganizationMemberships(organization.id, query, { keepPreviousData: true })
  const { memberships, totalCount, error, isLoading, mutate } = list
  const actions = useMemberActions(organization.id)
  const { dialog, open, close } = useDialog<Dialog>()

  const pageCount = totalCount === undefined ? page : Math.max(1, Math.ceil(totalCount / pageSize))
  useEffect(() => {
    // The last row of the last page was removed: there is no such page any more.
    if (page > pageCount) showPage(pageCount)
  }, [page, pageCount])

  return (
    <Container component="main" size="lg" py={{ base: 'md', sm: 'xl' }}>
      <Group justify="space-between" mb="lg" gap="sm">
        <div>
          <Group gap="xs">
            <Title order={1} size="h2">
              Members
            </Title>
            {totalCount !== undefined && !isNarrowed && (
              <Badge size="lg" variant="light" aria-label={`${totalCount} members`}>
                {totalCount}
              </Badge>
            )}
          </Group>
          <Text c="dimmed" size="sm">
            Who belongs to {organization.name}, with which role and metadata.
          </Text>
        </div>
        <Button leftSection={<PlusIcon />} onClick={() => open({ name: 'add' })}>
          Add a member
        </Button>
      </Group>

      <ListToolbar state={state} />
      {error !== undefined && (
        <ListError
          error={error}
          onRetry={() => void mutate()}
          hasRows={memberships !== undefined}
        />
      )}
      {isLoading && memberships === undefined && <MemberListSkeleton />}
      {memberships?.length === 0 && page <= pageCount && (
        <NoMembers
          isNarrowed={isNarrowed}
          organizationName={organization.name}
          onShowAll={() => showList({ search: '', role: '' })}
        />
      )}
      {memberships !== undefined && memberships.length > 0 && (
        <MemberList
          organizationId={organization.id}
          memberships={memberships}
          yourUserId={yourUserId}
          onChangeRole={(membership, role) => void actions.changeRole(membership, role)}
          onEdit={(membership) => open({ name: 'edit', membership })}
          onRemove={(membership) => open({ name: 'remove', membership })}
        />
      )}
      {memberships !== undefined && totalCount !== undefined && totalCount > 0 && (
        <ListFooter
          page={page}
          pageCount={pageCount}
          rows={memberships.length}
          totalCount={totalCount}
          onChange={showPage}
        />
      )}

      {dialog?.name === 'add' && (
        <AddMemberDialog getToken={getToken} onAdd={actions.add} onClose={close} />
      )}
      {dialog?.name === 'edit' && (
        <EditMetadataDialog
          membership={dialog.membership}
          onSave={actions.editMetadata}
          onClose={close}
        />
      )}
      {dialog?.name === 'remove' && (
        <RemoveMemberDialog
          membership={dialog.membership}
          isYou={dialog.membership.publicUserData?.userId === yourUserId}
          organizationName={organization.name}
          onConfirm={(membership) => void actions.remove(membership)}
          onClose={close}
        />
      )}
    </Container>
  )
}
