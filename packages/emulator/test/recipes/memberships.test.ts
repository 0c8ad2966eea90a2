import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

let emulator: Emulator
let memberships: OrganizationMembershipsClient

beforeAll(async () => {
  emulator = await createEmulator({ seed: new URL('seed.json', import.meta.url) })
  memberships = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
})
beforeEach(() => emulator.reset())
afterAll(() => emulator.close())

it('adds a member', async () => {
  await memberships.create({ organizationId: 'org_acme', userId: 'user_bob', role: 'org:member' })
  const { totalCount } = await memberships.list({ organizationId: 'org_acme' })
  expect(totalCount).toBe(2)
  expect(emulator.requests[0]?.body).toEqual({ user_id: 'user_bob', role: 'org:member' })
})

it('survives a busy API', async () => {
  emulator.failNext({ route: 'list', status: 429, retryAfter: 0 })
  expect(await memberships.count({ organizationId: 'org_acme' })).toBe(1)
  expect(emulator.requests.map(({ status }) => status)).toEqual([429, 200])
})
