import { readJSON } from './read-json.js'

/** What the demo backend says about itself. */
export interface Demo {
  /** `emulator`: the reader picks who they are. `clerk`: the reader brings a session token of their own. */
  mode: 'emulator' | 'clerk'
  organization: { id: string; name: string }
  /** Whom the reader can be; empty with real Clerk. */
  people: DemoPerson[]
}

export interface DemoPerson {
  userId: string
  name: string
  role: 'org:admin' | 'org:member'
}

export async function fetchDemo(): Promise<Demo> {
  return (await readJSON(await fetch('/api/demo'))) as Demo
}
