import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import { expect, it } from 'vitest'

it('follows a user who leaves', async () => {
  await using emulator = await createEmulator({ seed: new URL('seed.json', import.meta.url) })
  const events: string[] = []
  emulator.onEvent(({ type }) => events.push(type))

  await emulator.updateUser('user_ada', { first_name: 'Augusta' })
  await emulator.deleteUser('user_ada')
  expect(events).toEqual(['user.updated', 'organizationMembership.deleted', 'user.deleted'])

  // For a minute, lists answer the state from before a change.
  emulator.lag = 60_000
  await emulator.deleteOrganization('org_acme')
  const memberships = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
  expect(await memberships.count({ organizationId: 'org_acme' })).toBe(0)
  emulator.clock.advance(60_000)
  await expect(memberships.count({ organizationId: 'org_acme' })).rejects.toThrow('404')
})
