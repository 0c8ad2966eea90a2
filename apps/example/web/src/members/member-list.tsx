import { Paper, Table } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { OrganizationMembership } from '@org-memberships/core'
import { MemberCard } from './member-card.js'
import { memberUserId } from './member-name.js'
import { MemberTableRow } from './member-table-row.js'
import type { LastWrites, WriteKind } from './use-last-writes.js'

/** What can be done about a member in the list. */
export interface MemberHandlers {
  onChangeRole: (membership: OrganizationMembership, role: string) => void
  onEdit: (membership: OrganizationMembership) => void
  onRemove: (membership: OrganizationMembership) => void
}

/** The part of the list that is drawn, and the room that the rest takes. */
export interface ListWindow {
  /** `index` counts from 0 over the whole list. */
  rows: { membership: OrganizationMembership; index: number }[]
  /** px */
  before: number
  /** px */
  after: number
  /** Told of each row's element, to learn how high it is. */
  measure?: (element: Element | null) => void
}

/** Everything is drawn. */
export function wholeList(memberships: OrganizationMembership[], offset: number): ListWindow {
  return {
    rows: memberships.map((membership, index) => ({ membership, index: offset + index })),
    before: 0,
    after: 0,
  }
}

export interface MemberRowProps extends MemberHandlers {
  organizationId: string
  membership: OrganizationMembership
  index: number
  isYou: boolean
  lastWrite: WriteKind | undefined
  measure: ListWindow['measure']
}

/** A table where there is room for one, else a stack of cards: a table that scrolls sideways hides its buttons. */
export function MemberList({
  organizationId,
  totalCount,
  window: { rows, before, after, measure },
  yourUserId,
  lastWrites,
  ...handlers
}: MemberHandlers & {
  organizationId: string
  totalCount: number
  window: ListWindow
  yourUserId: string | null
  lastWrites: LastWrites
}) {
  const isWide = useWideScreen()
  const Row = isWide ? MemberTableRow : MemberCard
  const drawn = rows.map(({ membership, index }) => (
    <Row
      key={membership.id}
      organizationId={organizationId}
      membership={membership}
      index={index}
      isYou={membership.publicUserData?.userId === yourUserId}
      measure={measure}
      lastWrite={lastWrites.get(memberUserId(membership))}
      {...handlers}
    />
  ))

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
              Actions
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

/** True from the width on at which a table fits. */
export function useWideScreen(): boolean {
  return useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
}
