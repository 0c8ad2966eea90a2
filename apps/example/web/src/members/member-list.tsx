import { Paper, Stack, Table } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { OrganizationMembership } from '@org-memberships/core'
import { MemberCard } from './member-card.js'
import { MemberTableRow } from './member-table-row.js'

export interface MemberListProps {
  organizationId: string
  memberships: readonly OrganizationMembership[]
  yourUserId: string | null
  onChangeRole: (membership: OrganizationMembership, role: string) => void
  onEdit: (membership: OrganizationMembership) => void
  onRemove: (membership: OrganizationMembership) => void
}

export type MemberRowProps = Omit<MemberListProps, 'memberships' | 'yourUserId'> & {
  membership: OrganizationMembership
  isYou: boolean
}

/** A table where there is room for one, else a stack of cards: a table that scrolls sideways hides its buttons. */
export function MemberList({ memberships, yourUserId, ...handlers }: MemberListProps) {
  const isWide = useWideScreen()
  const rowProps = (membership: OrganizationMembership) => ({
    key: membership.id,
    membership,
    isYou: membership.publicUserData?.userId === yourUserId,
  })

  if (!isWide) {
    return (
      <Stack component="ul" gap="sm" m={0} p={0} aria-label="Members">
        {memberships.map((membership) => {
          const { key, ...props } = rowProps(membership)
          return <MemberCard key={key} {...props} {...handlers} />
        })}
      </Stack>
    )
  }
  return (
    <Paper withBorder radius="lg" style={{ overflow: 'hidden' }}>
      <Table verticalSpacing="xs" horizontalSpacing="md" layout="fixed" aria-label="Members">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="34%">Name</Table.Th>
            <Table.Th>Title and team</Table.Th>
            <Table.Th w={150}>Role</Table.Th>
            <Table.Th w={128}>Joined</Table.Th>
            <Table.Th w={112} ta="right">
              Actions
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {memberships.map((membership) => {
            const { key, ...props } = rowProps(membership)
            return <MemberTableRow key={key} {...props} {...handlers} />
          })}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

/** True from the width on at which a table fits. */
export function useWideScreen(): boolean {
  return useMediaQuery('(min-width: 56em)', true, { getInitialValueInEffect: false })
}
