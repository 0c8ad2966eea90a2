import type { OrganizationMembership } from '@org-memberships/core'
import type { ReactNode } from 'react'
import { LateProgress } from '../layout/late-progress.js'
import { ListError } from './list-error.js'
import { showList } from './list-state.js'
import { MemberListSkeleton } from './member-list-skeleton.js'
import { NoMembers } from './no-members.js'

/** What both list hooks tell, as far as the frame needs it. */
interface ListResponse {
  readonly memberships: OrganizationMembership[] | undefined
  readonly totalCount: number | undefined
  readonly error: unknown
  readonly isLoading: boolean
  readonly isValidating: boolean
  readonly mutate: () => Promise<unknown>
}

/** The states of a list in which it is not, or not only, a list: loading, failed, empty. */
export function ListFrame({
  list,
  isNarrowed,
  organizationName,
  children,
}: {
  list: ListResponse
  isNarrowed: boolean
  organizationName: string
  /** Shown while there are rows; they may be those of the query before, as long as `isUpToDate` is false. */
  children: (
    memberships: OrganizationMembership[],
    totalCount: number,
    isUpToDate: boolean,
  ) => ReactNode
}) {
  const { error, isLoading, isValidating, memberships, mutate, totalCount } = list
  const isUpToDate = !isLoading && error === undefined
  return (
    <>
      {error !== undefined && (
        <ListError
          error={error}
          onRetry={() => void mutate()}
          hasRows={memberships !== undefined}
        />
      )}
      {isLoading && memberships === undefined && <MemberListSkeleton />}
      {totalCount === 0 && (
        <NoMembers
          isNarrowed={isNarrowed}
          organizationName={organizationName}
          onShowAll={() => showList({ search: '', role: '' })}
        />
      )}
      {memberships !== undefined && memberships.length > 0 && totalCount !== undefined && (
        // Rows of before stay until others are there, but do not pass for what was asked for.
        <>
          <LateProgress isBusy={isLoading || isValidating} label="Loading members" />
          <div aria-busy={isLoading} style={{ opacity: isUpToDate ? 1 : 0.55 }}>
            {children(memberships, totalCount, isUpToDate)}
          </div>
        </>
      )}
    </>
  )
}
