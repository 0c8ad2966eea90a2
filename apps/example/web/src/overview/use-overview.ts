import { useCallback } from 'react'
import useSWR, { type SWRResponse, useSWRConfig } from 'swr'
import type { GetToken } from '../app/session.js'
import { fetchOverview, type Overview } from './overview.js'

// In the SWR cache of one person, so it names nobody.
const key = 'overview'

/** The figures. They are asked for again when the reader comes back to the page, as the list is. */
export function useOverview(getToken: GetToken): SWRResponse<Overview, Error> {
  // The backend has tried again already.
  return useSWR(key, () => fetchOverview(getToken), { shouldRetryOnError: false })
}

/** Asks for the figures again; for after a change, when the server has confirmed it or nobody knows. */
export function useRefreshOverview(): () => void {
  const { mutate } = useSWRConfig()
  // The cache goes with the person it was for; of one that has gone, SWR rejects.
  return useCallback(() => void mutate(key).catch(() => {}), [mutate])
}
