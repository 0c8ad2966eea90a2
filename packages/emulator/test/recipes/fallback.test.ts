import { createEmulator } from '@org-memberships/emulator'
import { expect, it } from 'vitest'

it('answers for the rest of the API', async () => {
  await using emulator = await createEmulator({
    fallback(request) {
      const { pathname } = new URL(request.url)
      if (request.method === 'GET' && pathname === '/v1/allowlist_identifiers') {
        return Response.json([])
      }
      return undefined // a 404 in the API's form
    },
  })
  const response = await fetch(`${emulator.url}/allowlist_identifiers`)
  expect(await response.json()).toEqual([])
})
