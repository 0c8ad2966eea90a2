import type { MemberHandlers } from './member-list.js'
import type { ListFilters, ListState } from './list-state.js'
import type { LastWrites } from './use-last-writes.js'

/** What both layouts of the list are given. */
export interface MembersViewProps extends MemberHandlers {
  organization: { id: string; name: string }
  yourUserId: string | null
  lastWrites: LastWrites
  state: ListState
  filters: ListFilters
  /** Whether a search or a filter leaves members out. */
  isNarrowed: boolean
}
