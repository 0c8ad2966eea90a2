import { createClerkClient } from '@clerk/backend'
import { createEmulator } from '@org-memberships/emulator'
import { expect, it } from 'vitest'

it('serves the official client', async () => {
  await using emulator = await createEmulator({ seed: new URL('seed.json', import.meta.url) })
  const clerk = createClerkClient({ secretKey: emulator.secretKey, apiUrl: emulator.origin })

  const membership = await clerk.organizations.createOrganizationMembership({
    organizationId: 'org_acme',
    userId: 'user_bob',
    role: 'org:member',
  })

  expect(membership.organization.membersCount).toBe(2)
})
