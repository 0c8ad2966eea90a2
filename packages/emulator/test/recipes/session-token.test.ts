import { verifyToken } from '@clerk/backend'
import { createEmulator } from '@org-memberships/emulator'
import { expect, it } from 'vitest'

it('signs in Ada', async () => {
  await using emulator = await createEmulator({ seed: new URL('seed.json', import.meta.url) })

  const token = await emulator.createSessionToken({
    userId: 'user_ada',
    organizationId: 'org_acme',
    azp: 'http://localhost:3000',
  })

  const claims = await verifyToken(token, {
    secretKey: emulator.secretKey,
    apiUrl: emulator.origin,
    authorizedParties: ['http://localhost:3000'],
  })
  expect(claims).toMatchObject({ sub: 'user_ada', o: { id: 'org_acme', rol: 'admin' } })
})
