import { useOrganizationMemberships } from '@org-memberships/react'
import { useEffect, useRef } from 'react'
import { ListFooter, pageSize } from './list-footer.js'
import { ListFrame } from './list-frame.js'
import { showPage } from './list-state.js'
import { MemberList, wholeList } from './member-list.js'
import type { MembersViewProps } from './members-view.js'

/** The members page by page. */
export function PagedMembers({
  organization,
  state: { page },
  filters,
  isNarrowed,
  ...rowProps
}: MembersViewProps) {
  const list = useOrganizationMemberships(
    organization.id,
    { ...filters, limit: pageSize, offset: (page - 1) * pageSize },
    { keepPreviousData: true },
  )
  const top = useRef<HTMLDivElement>(null)
  const turnTo = (next: number) => {
    showPage(next)
    // A page is read from its top, where an error would be shown too.
    if ((top.current?.getBoundingClientRect().top ?? 0) < 0) top.current?.scrollIntoView()
  }
  const pageCount = Math.max(1, list.pageCount ?? page)
  useEffect(() => {
    // The last row of the last page was removed: there is no such page any more.
    if (page > pageCount) showPage(pageCount)
  }, [page, pageCount])

  return (
    <div ref={top} style={{ scrollMarginTop: 'var(--mantine-spacing-sm)' }}>
      <ListFrame list={list} isNarrowed={isNarrowed} organizationName={organization.name}>
        {(memberships, totalCount, isUpToDate) => (
          <>
            <MemberList
              organizationId={organization.id}
              totalCount={totalCount}
              window={wholeList(memberships, (page - 1) * pageSize)}
              {...rowProps}
            />
            <ListFooter
              page={page}
              pageCount={pageCount}
              rows={isUpToDate ? memberships.length : null}
              totalCount={totalCount}
              onChange={turnTo}
            />
          </>
        )}
      </ListFrame>
    </div>
  )
}
