import { createEmulator, type EmulatorOptions, type Seed } from '@org-memberships/emulator'

const seed: Seed = {
  users: [{ id: 'user_ada', first_name: 'Ada' }],
  organizations: [
    { id: 'org_1', name: 'Acme', memberships: [{ user_id: 'user_ada', role: 'org:admin' }] },
  ],
}
const options: EmulatorOptions = { port: 0, seed, secretKey: 'sk_test_123', latency: 20 }

export async function addresses(): Promise<string[]> {
  await using emulator = await createEmulator(options)
  const token: string = await emulator.createSessionToken({ userId: 'user_ada' })
  return [emulator.url, emulator.origin, token, ...emulator.requests.map(({ method }) => method)]
}

// @ts-expect-error a user has an id
export const wrongSeed: Seed = { users: [{ first_name: 'Ada' }] }

// What may be undefined, also for those who compile with exactOptionalPropertyTypes.
declare const maybe: {
  text: string | undefined
  number: number | undefined
  flag: boolean | undefined
}
export const optional: EmulatorOptions = {
  port: maybe.number,
  secretKey: maybe.text,
  dataFile: maybe.text,
  latency: maybe.number,
  rateLimit: { requests: maybe.number, updatesPerMembership: maybe.number, window: maybe.number },
  seed: { users: [{ id: 'user_1', first_name: maybe.text, banned: maybe.flag }] },
}
export async function plan(): Promise<void> {
  await using emulator = await createEmulator(optional)
  emulator.failNext({ status: 500, code: maybe.text, times: maybe.number, applied: maybe.flag })
  emulator.hold({ times: maybe.number, when: undefined })
}
