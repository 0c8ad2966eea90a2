import { Group, Paper, Skeleton, Table } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { OrganizationMembership } from '@org-memberships/core'
import { MemberCard } from './member-card.js'
import { memberUserId } from './member-name.js'
import type { MemberHandlers, MemberRowProps } from './member-row.js'
import { MemberTableRow } from './member-table-row.js'
import type { FailedWrites } from './use-failed-writes.js'

/** The part of the list that is drawn, and the room that the rest takes. */
export interface ListWindow {
  /** `index` counts from 0 over the whole list. `null` is a member who is not loaded yet. */
  rows: { membership: OrganizationMembership | null; index: number }[]
  /** px */
  before: number
  /** px */
  after: number
  measure?: MemberRowProps['measure']
}

/** Everything is drawn. */
export function wholeList(memberships: OrganizationMembership[], offset: number): ListWindow {
  return {
    rows: memberships.map((membership, index) => ({ membership, index: offset + index })),
    before: 0,
    after: 0,
  }
}

/** How high a row of the table is, and a card with the gap below it, px. */
export const rowHeight = { wide: 58, narrow: 178 }

/** A table where there is room for one, else a stack of cards: a table that scrolls sideways hides its buttons. */
export function MemberList({
  organizationId,
  totalCount,
  window: { rows, before, after, measure },
  yourUserId,
  mayManage,
  failedWrites,
  ...handlers
}: MemberHandlers & {
  organizationId: string
  totalCount: number
  window: ListWindow
  yourUserId: string
  mayManage: boolean
  failedWrites: FailedWrites
}) {
  const isWide = useWideScreen()
  const Row = isWide ? MemberTableRow : MemberCard
  const EmptyRow = isWide ? EmptyTableRow : EmptyCard
  const drawn = rows.map(({ membership, index }) =>
    membership === null ? (
      <EmptyRow key={index} />
    ) : (
      <Row
        key={membership.id}
        organizationId={organizationId}
        membership={membership}
        index={index}
        isYou={membership.publicUserData?.userId === yourUserId}
        // Of a member without a user nothing can be changed: the routes address members by user.
        mayManage={mayManage && memberUserId(membership) !== ''}
        measure={measure}
        failedWrite={failedWrites.get(memberUserId(membership))}
        {...handlers}
      />
    ),
  )

  if (!isWide) {
    return (
      <ul
        aria-label="Members"
        style={{ margin: 0, padding: 0, paddingTop: before, paddingBottom: after }}
      >
        {drawn}
      </ul>
    )
  }
  return (
    <Paper withBorder radius="lg" style={{ overflow: 'hidden' }}>
      <Table
        verticalSpacing="xs"
        horizontalSpacing="md"
        layout="fixed"
        aria-label="Members"
        // Its heading is a row as well.
        aria-rowcount={totalCount + 1}
      >
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th w="30%">Name</Table.Th>
            <Table.Th>Title and team</Table.Th>
            <Table.Th w={148}>Role</Table.Th>
            <Table.Th w={128}>Joined</Table.Th>
            <Table.Th w={188} ta="right">
              {mayManage && 'Actions'}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Room height={before} />
          {drawn}
          <Room height={after} />
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

/** Rows that are not drawn. */
function Room({ height }: { height: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      <td colSpan={5} style={{ height, padding: 0 }} />
    </tr>
  )
}

/** A row whose member is on the way. What is loaded is said above the list, so this says nothing. */
function EmptyTableRow() {
  return (
    <tr aria-hidden data-empty>
      <td colSpan={5} style={{ height: rowHeight.wide, padding: '0 var(--mantine-spacing-md)' }}>
        <Group gap="sm" wrap="nowrap">
          <Skeleton circle h={36} w={36} />
          <Skeleton h={12} w="24%" />
          <Skeleton h={12} w="20%" ml="auto" mr="45%" />
        </Group>
      </td>
    </tr>
  )
}

function EmptyCard() {
  return (
    <li
      aria-hidden
      data-empty
      style={{
        listStyle: 'none',
        height: rowHeight.narrow,
        paddingBottom: 'var(--mantine-spacing-sm)',
      }}
    >
      <Paper withBorder radius="lg" p="md" h="100%">
        <Group gap="sm" wrap="nowrap">
          <Skeleton circle h={36} w={36} />
          <Skeleton h={12} w="50%" />
        </Group>
        <Skeleton h={12} w="70%" mt="lg" />
      </Paper>
    </li>
  )
}

/** True from the width on at which a table fits. */
export function useWideScreen(): boolean {
  return useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
}
