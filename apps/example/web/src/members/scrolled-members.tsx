import { Button, Group, Text } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { useInfiniteOrganizationMemberships } from '@org-memberships/react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { inWords } from '../app/error-in-words.js'
import { tell } from '../layout/tell.js'
import { ListFrame } from './list-frame.js'
import { MemberList, useWideScreen } from './member-list.js'
import type { MembersViewProps } from './members-view.js'

// Rows that one request asks for.
const chunkSize = 50

// How near to the end of what is loaded the next rows are asked for.
const rowsAhead = 15

/** All members in one list, of which the browser holds only the rows in sight. */
export function ScrolledMembers({
  organization,
  filters,
  isNarrowed,
  yourUserId,
  failedWrites,
  onChangeRole,
  onEdit,
  onRemove,
}: MembersViewProps) {
  const list = useInfiniteOrganizationMemberships(
    organization.id,
    { ...filters, limit: chunkSize },
    { keepPreviousData: true },
  )
  const { hasNextPage, isLoadingMore, setSize } = list
  const [isLoadingAll, setLoadingAll] = useState(false)
  const loadAll = async () => {
    setLoadingAll(true)
    try {
      await list.loadAll()
    } catch (error) {
      tell(inWords(error, { verb: 'load all members', unchanged: 'What was loaded is kept.' }))
    }
    setLoadingAll(false)
  }

  return (
    <ListFrame list={list} isNarrowed={isNarrowed} organizationName={organization.name}>
      {(memberships, totalCount) => (
        <>
          {/* Above the list: below it, a button would run from whoever scrolls to it. */}
          <Group justify="space-between" mb="sm" mih={30}>
            <Text size="sm" c="dimmed" aria-live="polite">
              {hasNextPage
                ? `${memberships.length} of ${totalCount} loaded`
                : `All ${totalCount} loaded`}
            </Text>
            {hasNextPage && (
              <Button
                size="xs"
                variant="default"
                loading={isLoadingAll}
                onClick={() => void loadAll()}
              >
                Load all
              </Button>
            )}
          </Group>
          <VirtualRows
            organizationId={organization.id}
            memberships={memberships}
            totalCount={totalCount}
            onNearEnd={() => {
              if (hasNextPage && !isLoadingMore && !isLoadingAll) void setSize((size) => size + 1)
            }}
            yourUserId={yourUserId}
            failedWrites={failedWrites}
            onChangeRole={onChangeRole}
            onEdit={onEdit}
            onRemove={onRemove}
          />
        </>
      )}
    </ListFrame>
  )
}

function VirtualRows({
  memberships,
  onNearEnd,
  ...rowProps
}: Omit<Parameters<typeof MemberList>[0], 'window'> & {
  memberships: OrganizationMembership[]
  onNearEnd: () => void
}) {
  const isWide = useWideScreen()
  const container = useRef<HTMLDivElement>(null)
  const [scrollMargin, setScrollMargin] = useState(0)
  useLayoutEffect(() => {
    const top = container.current?.getBoundingClientRect().top ?? 0
    setScrollMargin(Math.round(top + globalThis.scrollY))
  }, [isWide])

  // oxlint-disable-next-line react/incompatible-library -- only the React Compiler minds, which is not used here
  const virtualizer = useWindowVirtualizer({
    count: memberships.length,
    // A row and a card; each is measured once it is there.
    estimateSize: () => (isWide ? 58 : 178),
    getItemKey: (index) => memberships[index]?.id ?? index,
    overscan: 10,
    scrollMargin,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)
  const isNearEnd = last !== undefined && last.index >= memberships.length - rowsAhead
  useEffect(() => {
    if (isNearEnd) onNearEnd()
  }, [isNearEnd, onNearEnd])

  return (
    <div ref={container}>
      <MemberList
        window={{
          rows: items.flatMap(({ index }) => {
            const membership = memberships[index]
            return membership === undefined ? [] : [{ membership, index }]
          }),
          before: (items[0]?.start ?? scrollMargin) - scrollMargin,
          after: virtualizer.getTotalSize() - ((last?.end ?? scrollMargin) - scrollMargin),
          measure: virtualizer.measureElement,
        }}
        {...rowProps}
      />
    </div>
  )
}
