import type {
  OrganizationMembershipFilters,
  OrganizationMembershipOrder,
} from '@org-memberships/core'
import { useMemo } from 'react'
import { useURLState, writeURLState } from '../app/url-state.js'

/** Ways to sort that the API offers and a reader may want; the first is the API's own. */
export const orders = [
  { value: '-created_at', label: 'Newest first' },
  { value: '+created_at', label: 'Longest here first' },
  { value: '+first_name', label: 'First name, A to Z' },
  { value: '+last_name', label: 'Last name, A to Z' },
] as const satisfies { value: OrganizationMembershipOrder; label: string }[]

/** What the list shows, as the page's address says it. */
export interface ListState {
  /** Page by page, or one list that grows as it is scrolled. */
  view: 'pages' | 'scroll'
  /** From 1. */
  page: number
  search: string
  /** `''` for every role. */
  role: string
  order: (typeof orders)[number]['value']
}

/** The part of a query that both views share. */
export type ListFilters = Pick<OrganizationMembershipFilters, 'query' | 'role'> & {
  orderBy?: OrganizationMembershipOrder
}

export function useListState(): { state: ListState; filters: ListFilters } {
  const view = useURLState('view') === 'scroll' ? 'scroll' : 'pages'
  const pageText = useURLState('page')
  const search = useURLState('search')
  const role = useURLState('role')
  const orderText = useURLState('order')
  return useMemo(() => {
    const page = Math.max(1, Math.min(Number.parseInt(pageText, 10) || 1, 100_000))
    const order = orders.find(({ value }) => value === orderText)?.value ?? orders[0].value
    return {
      state: { view, page, search, role, order },
      filters: {
        ...(search !== '' && { query: search }),
        ...(role !== '' && { role }),
        ...(order !== orders[0].value && { orderBy: order }),
      },
    }
  }, [view, pageText, search, role, orderText])
}

export function showPage(page: number): void {
  writeURLState({ page: page === 1 ? '' : String(page) })
}

/** Narrows, sorts or lays out the list. Another list starts at its beginning. */
export function showList(change: Partial<Omit<ListState, 'page'>>): void {
  const { order, role, search, view } = change
  writeURLState(
    {
      page: '',
      ...(view !== undefined && { view: view === 'pages' ? '' : view }),
      ...(search !== undefined && { search }),
      ...(role !== undefined && { role }),
      ...(order !== undefined && { order: order === orders[0].value ? '' : order }),
    },
    search === undefined ? 'push' : 'replace',
  )
}
