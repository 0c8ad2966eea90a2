import { Group, Paper, Text } from '@mantine/core'
import { memo } from 'react'
import { MemberIdentity } from './member-identity.js'
import { memberJob, memberSince } from './member-name.js'
import type { MemberRowProps } from './member-row.js'
import { MemberRowActions } from './member-row-actions.js'
import { RoleSelect } from './role-select.js'

/** One member on a narrow screen. */
export const MemberCard = memo(function MemberCard({
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
    <li
      ref={measure}
      data-index={index}
      data-user-id={membership.publicUserData?.userId}
      style={{ listStyle: 'none', paddingBottom: 'var(--mantine-spacing-sm)' }}
    >
      <Paper withBorder radius="lg" p="md">
        <MemberIdentity membership={membership} isYou={isYou} />
        <Text size="sm" mt="sm">
          {[title, team].filter((part) => part !== null).join(' · ') || 'No title yet'}
        </Text>
        <Text size="xs" c="dimmed">
          Joined {memberSince(membership)}
        </Text>
        <Group justify="space-between" mt="sm" wrap="nowrap" gap={4}>
          <RoleSelect
            organizationId={organizationId}
            membership={membership}
            mayManage={mayManage}
            failedWrite={failedWrite}
            onChange={(role) => onChangeRole(membership, role)}
          />
          <MemberRowActions
            organizationId={organizationId}
            membership={membership}
            mayManage={mayManage}
            failedWrite={failedWrite}
            onEdit={onEdit}
            onRemove={onRemove}
          />
        </Group>
      </Paper>
    </li>
  )
})
