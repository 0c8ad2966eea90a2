import type { OrganizationMembershipPage } from '@org-memberships/core'
import type { Certainty } from '../../src/members/project.js'
import type { Change } from '../../src/members/presence.js'
import type { Organization } from '../../src/organization.js'
import type { PageKey } from '../../src/pages/keys.js'
import type { RevalidateMode } from '../../src/types.js'

export interface ScheduledWrite {
  readonly userId: string
  readonly change: Change
  readonly optimistic: boolean
  readonly revalidate: RevalidateMode
  readonly signal: AbortSignal
}

/** What is on the screen of one list. */
export interface View {
  readonly key: PageKey
  /** What the server said. */
  readonly base: OrganizationMembershipPage
  /** What is shown. */
  readonly page: OrganizationMembershipPage
  readonly certainty: Certainty
  readonly isOptimistic: boolean
}

/** What a schedule runs over: the bare store with a cache of its own, or the hooks over SWR. */
export interface Face {
  readonly organization: Organization
  /** Lists do not heed when they are asked to fetch again. */
  isPaused: boolean
  write(write: ScheduledWrite): Promise<unknown>
  /** Pages that a server has read before anything else happened. */
  seed(key: PageKey, page: OrganizationMembershipPage): void
  preload(key: PageKey): void
  /** @param suspends the list is on the screen only once its first page is there */
  show(key: PageKey, suspends: boolean): void
  hide(key: PageKey): void
  isShown(key: PageKey): boolean
  refetch(key: PageKey): void
  /** Another user signs in. */
  reset(): void
  views(): View[]
  /** Until nothing happens any more by itself. */
  settle(): Promise<void>
  close(): void
}
