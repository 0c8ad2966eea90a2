import { fetchJSON } from '../app/read-json.js'
import type { GetToken } from '../app/session.js'

/** The organization in figures, as the backend counts it. */
export interface Overview {
  total: number
  /** The role that most have first. */
  roles: { role: string; name: string; count: number }[]
  /** Those who joined before the first of `months`. */
  joinedBefore: number
  /** Oldest first, and none left out. `month` is `2026-11`. */
  months: { month: string; joined: number }[]
  /** Where the backend could not compare its figures with the API: since when. ms since the epoch. */
  uncheckedSince: number | null
}

// ms. Longer than the backend gives itself.
const deadline = 25_000

export async function fetchOverview(getToken: GetToken): Promise<Overview> {
  const token = await getToken()
  const headers: { [name: string]: string } =
    token === null ? {} : { Authorization: `Bearer ${token}` }
  return (await fetchJSON('/api/overview', { headers }, deadline)) as Overview
}
