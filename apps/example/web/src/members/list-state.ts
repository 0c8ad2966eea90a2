import type {
  OrganizationMembershipOrder,
  OrganizationMembershipQuery,
} from '@org-memberships/core'
import { useMemo } from 'react'
import { useURLState, writeURLState } from '../app/url-state.js'

export const pageSize = 25

/** Ways to sort that the API offers and a reader may want; the first is the API's own. */
export const orders = [
  { value: '-created_at', label: 'Newest first' },
  { value: '+created_at', label: 'Longest here first' },
  { value: '+first_name', label: 'First name, A to Z' },
  { value: '+last_name', label: 'Last name, A to Z' },
] as const satisfies { value: OrganizationMembershipOrder; label: string }[]

/** What the list shows, as the page's address says it. */
export interface ListState {
  /** From 1. */
  page: number
  search: string
  /** `''` for every role. */
  role: string
  order: (typeof orders)[number]['value']
}

export function useListState(): { state: ListState; query: OrganizationMembershipQuery } {
  const pageText = useURLState('page')
  const search = useURLState('search')
  const role = useURLState('role')
  const orderText = useURLState('order')
  return useMemo(() => {
    const page = Math.max(1, Math.min(Number.parseInt(pageText, 10) || 1, 100_000))
    const order = orders.find(({ value }) => value === orderText)?.value ?? orders[0].value
    return {
      state: { page, search, role, order },
      query: {
        limit: pageSize,
        offset: (page - 1) * pageSize,
        ...(search !== '' && { query: search }),
        ...(role !== '' && { role }),
        ...(order !== orders[0].value && { orderBy: order }),
      },
    }
  }, [pageText, search, role, orderText])
}

export function showPage(page: number): void {
  writeURLState({ page: page === 1 ? '' : String(page) })
}

/** Narrows or sorts the list. Another list starts on its first page. */
export function showList(change: Partial<Omit<ListState, 'page'>>): void {
  const { search, role, order } = change
  writeURLState(
    {
      page: '',
      ...(search !== undefined && { search }),
      ...(role !== undefined && { role }),
      ...(order !== undefined && { order: order === orders[0].value ? '' : order }),
    },
    search === undefined ? 'push' : 'replace',
  )
}
