import { readJSON } from '../app/read-json.js'
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
}

export async function fetchOverview(getToken: GetToken): Promise<Overview> {
  const token = await getToken()
  const response = await fetch('/api/overview', {
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  })
  return (await readJSON(response)) as Overview
}
