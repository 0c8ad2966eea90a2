import { createEmulator, type Emulator, type Seed } from '@org-memberships/emulator'
import { afterEach, beforeEach, vi } from 'vitest'

/** What a sample finds when it runs. */
export interface StandIn {
  readonly emulator: Emulator
  /** What it wrote with `console.log`, a text for each call. */
  readonly printed: string[]
}

/** Ada is an admin, Bob is nobody yet. */
export const seed = {
  users: [
    { id: 'user_ada', first_name: 'Ada', email_address: 'ada@example.com' },
    { id: 'user_bob', first_name: 'Bob', email_address: 'bob@example.com' },
  ],
  organizations: ['org_1', 'org_acme'].map((id) => ({
    id,
    name: 'Acme',
    memberships: [{ user_id: 'user_ada', role: 'org:admin' }],
  })),
} satisfies Seed

/**
 * Gives each test of a file an emulator in the place of Clerk. Samples run as they stand: what they send to Clerk is led to
 * the emulator by the one thing in its way that is not part of them, the network.
 */
export function standInForClerk(what: Seed = seed): StandIn {
  return standIn(what, (path, emulator) => path.replace('https://api.clerk.com/v1', emulator.url))
}

/**
 * Gives each test of a file an emulator in the place of a backend at `/api/v1`. A backend has a key of its own
 * and says which version of the API it means: both are put in here.
 */
export function standInForBackend(what: Seed = seed): StandIn {
  return standIn(what, (path, emulator) =>
    path.replace(/^(https?:\/\/[^/]+)?\/api\/v1/, emulator.url),
  )
}

function standIn(what: Seed, lead: (path: string, emulator: Emulator) => string): StandIn {
  const here = { emulator: undefined as unknown as Emulator, printed: [] as string[] }
  beforeEach(async () => {
    here.emulator = await createEmulator({ seed: what, secretKey: 'sk_test_local' })
    here.printed.length = 0
    vi.spyOn(console, 'log').mockImplementation(
      (...words) => void here.printed.push(words.map(toText).join(' ')),
    )
    vi.stubEnv('CLERK_SECRET_KEY', here.emulator.secretKey)
    const { fetch } = globalThis
    vi.stubGlobal('fetch', (input: string, init: RequestInit = {}) => {
      const target = lead(String(input), here.emulator)
      if (target === String(input)) return fetch(input, init)
      const headers = new Headers(init.headers)
      headers.set('Authorization', `Bearer ${here.emulator.secretKey}`)
      headers.set('Clerk-API-Version', '2026-05-12')
      return fetch(target, { ...init, headers })
    })
  })
  afterEach(async () => {
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    await here.emulator.close()
  })
  return here
}

function toText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
