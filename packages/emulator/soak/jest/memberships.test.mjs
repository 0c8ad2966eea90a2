import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'

let emulator
let memberships

beforeAll(async () => {
  emulator = await createEmulator({ seed: 'seed.json' })
  memberships = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
})
beforeEach(() => emulator.reset())
afterAll(() => emulator.close())

it('adds a member', async () => {
  await memberships.create({ organizationId: 'org_acme', userId: 'user_bob', role: 'org:member' })
  expect(await memberships.count({ organizationId: 'org_acme' })).toBe(2)
})
