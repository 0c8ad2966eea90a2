import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import { expect, it } from 'vitest'

it('shows what a test can order', async () => {
  await using emulator = await createEmulator({ seed: new URL('seed.json', import.meta.url) })
  const memberships = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
    maxRetries: 0,
  })
  const ada = { organizationId: 'org_acme', userId: 'user_ada' }

  // The next two updates are answered 503 with the API's error.
  emulator.failNext({ route: 'update', times: 2, status: 503 })
  await expect(memberships.update({ ...ada, role: 'org:member' })).rejects.toThrow('503')

  // The membership is removed, and the answer is lost on the way.
  emulator.failNext({ route: 'delete', fault: 'reset', applied: true })
  await expect(memberships.delete(ada)).rejects.toThrow('got no answer')
  await emulator.reset()

  // A read that set out before a write, and arrives after it.
  const hold = emulator.hold({ route: 'list', when: 'after' })
  const early = memberships.list({ organizationId: 'org_acme' })
  await hold.arrived()
  await memberships.delete(ada)
  hold.release()
  expect((await early).totalCount).toBe(1)

  // Every request takes from 50 to 200 ms.
  emulator.latency = { min: 50, max: 200 }

  // Time stands still, and moves on when it is told to.
  emulator.clock.set(Date.UTC(2030, 0, 1))
  emulator.clock.advance(60_000)
})
