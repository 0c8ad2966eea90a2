import { Text } from '@mantine/core'
import type { OrganizationMembership } from '@org-memberships/core'
import { useInfiniteOrganizationMemberships } from '@org-memberships/react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { inNumbers } from '../overview/figures-in-words.js'
import { ListFrame } from './list-frame.js'
import { MemberList, rowHeight, useWideScreen } from './member-list.js'
import type { MembersViewProps } from './members-view.js'

// Rows that one request asks for: as many as the mounted routes give (`maxLimit`).
const chunkSize = 100

// How near to the end of what is loaded the next rows are asked for: some seconds of scrolling, by wheel or by thumb.
const rowsAhead = 50

// ms. A scroll bar that is drawn passes by many places; only where it rests is loaded. What comes next is loaded at once,
// for who scrolls on and on.
const rest = 100

/**
 * All members in one list, of which the browser holds only the rows in sight. The list is as long as there are members
 * from the beginning, so the scroll bar tells the truth and the End key leads to the end: rows that are not loaded yet
 * are drawn empty, and all up to them are loaded side by side.
 */
export function ScrolledMembers({
  organization,
  filters,
  isNarrowed,
  yourUserId,
  mayManage,
  failedWrites,
  onChangeRole,
  onEdit,
  onRemove,
}: MembersViewProps) {
  const list = useInfiniteOrganizationMemberships(
    organization.id,
    { ...filters, limit: chunkSize },
    { keepPreviousData: true, parallel: true },
  )
  const { hasNextPage, isLoadingMore, setSize, size, totalCount: known = 0 } = list
  // The same as long as it does the same: drawing the list again, however often, does not begin the rest anew.
  const onReach = useCallback(
    (index: number, isAtRest: boolean) => {
      const wanted = Math.ceil(Math.min(index + rowsAhead, known) / chunkSize)
      if (!hasNextPage || isLoadingMore || wanted <= size) return
      if (isAtRest || wanted === size + 1) void setSize(wanted)
    },
    [hasNextPage, isLoadingMore, known, setSize, size],
  )

  return (
    <ListFrame list={list} isNarrowed={isNarrowed} organizationName={organization.name}>
      {(memberships, totalCount) => (
        <>
          <Text size="sm" c="dimmed" mb="sm" aria-live="polite">
            {hasNextPage
              ? `${inNumbers(memberships.length)} of ${inNumbers(totalCount)} loaded`
              : `All ${inNumbers(totalCount)} loaded`}
          </Text>
          <VirtualRows
            organizationId={organization.id}
            memberships={memberships}
            totalCount={totalCount}
            // Where all is loaded the rows are the truth: a member who was just added is counted before being placed.
            length={hasNextPage ? Math.max(totalCount, memberships.length) : memberships.length}
            onReach={onReach}
            yourUserId={yourUserId}
            mayManage={mayManage}
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
  length,
  onReach,
  ...rowProps
}: Omit<Parameters<typeof MemberList>[0], 'window'> & {
  /** Those that are loaded. */
  memberships: OrganizationMembership[]
  /** Rows of the whole list. */
  length: number
  /** Told of the last row in sight, when it is another one and once more when it has been so for a while. */
  onReach: (index: number, isAtRest: boolean) => void
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
    count: length,
    // Each is measured once it is there.
    estimateSize: () => (isWide ? rowHeight.wide : rowHeight.narrow),
    getItemKey: (index) => memberships[index]?.id ?? index,
    overscan: 10,
    scrollMargin,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)
  const reached = last?.index
  useEffect(() => {
    if (reached === undefined) return undefined
    onReach(reached, false)
    const timer = setTimeout(() => onReach(reached, true), rest)
    return () => clearTimeout(timer)
  }, [reached, onReach])

  return (
    <div ref={container}>
      <MemberList
        window={{
          rows: items.map(({ index }) => ({ membership: memberships[index] ?? null, index })),
          before: (items[0]?.start ?? scrollMargin) - scrollMargin,
          after: virtualizer.getTotalSize() - ((last?.end ?? scrollMargin) - scrollMargin),
          measure: virtualizer.measureElement,
        }}
        {...rowProps}
      />
    </div>
  )
}
