import { fetchJSON } from './read-json.js'

/** What the demo backend says about itself. */
export interface Demo {
  organization: { id: string; name: string }
  /** With real Clerk: where the reader signs in. `null` with the emulator, where they pick who they are. */
  publishableKey: string | null
  /** Whom the reader can be; empty with real Clerk. */
  people: DemoPerson[]
  /** The first name of somebody who can be added; `null` with real Clerk. */
  candidateName: string | null
  /** How the emulator behaves; `null` with real Clerk. */
  condition: Condition | null
}

export type Condition = 'fair' | 'slow' | 'failing'

export interface DemoPerson {
  userId: string
  name: string
  role: 'org:admin' | 'org:member'
}

export async function fetchDemo(): Promise<Demo> {
  return (await fetchJSON('/api/demo')) as Demo
}

export async function setCondition(condition: Condition): Promise<void> {
  await fetchJSON('/api/demo/condition', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ condition }),
  })
}
