import { fetchJSON } from '../app/read-json.js'
import type { GetToken } from '../app/session.js'

/** A person that a search found. */
export interface FoundPerson {
  userId: string
  name: string
  emailAddress: string | null
  isMember: boolean
}

/** Searches people by a part of a name or by their exact address. The backend answers admins only. */
export async function searchPeople(
  text: string,
  getToken: GetToken,
  signal: AbortSignal,
): Promise<FoundPerson[]> {
  const search = new URLSearchParams(text.includes('@') ? { email_address: text } : { query: text })
  const token = await getToken()
  const answer = await fetchJSON(`/api/people?${search}`, {
    signal,
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  })
  return (answer as { people: FoundPerson[] }).people
}
