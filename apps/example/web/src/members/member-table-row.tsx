import { Table, Text } from '@mantine/core'
import { memo } from 'react'
import { MemberIdentity } from './member-identity.js'
import { memberJob, memberSince } from './member-name.js'
import type { MemberRowProps } from './member-row.js'
import { MemberRowActions } from './member-row-actions.js'
import { RoleSelect } from './role-select.js'

/** One member in the table. */
export const MemberTableRow = memo(function MemberTableRow({
  organizationId,
  membership,
  index,
  measure,
  isYou,
  mayManage,
  failedWrite,
  onChangeRole,
  onEdit,
  onRemove,
}: MemberRowProps) {
  const { title, team } = memberJob(membership)
  return (
    <Table.Tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      data-user-id={membership.publicUserData?.userId}
    >
      <Table.Td>
        <MemberIdentity membership={membership} isYou={isYou} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate>
          {title ?? '–'}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {team}
        </Text>
      </Table.Td>
      <Table.Td>
        <RoleSelect
          organizationId={organizationId}
          membership={membership}
          mayManage={mayManage}
          failedWrite={failedWrite}
          onChange={(role) => onChangeRole(membership, role)}
        />
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {memberSince(membership)}
        </Text>
      </Table.Td>
      <Table.Td>
        <MemberRowActions
          organizationId={organizationId}
          membership={membership}
          mayManage={mayManage}
          failedWrite={failedWrite}
          onEdit={onEdit}
          onRemove={onRemove}
        />
      </Table.Td>
    </Table.Tr>
  )
})
