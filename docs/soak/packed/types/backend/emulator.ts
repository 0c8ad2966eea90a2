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
