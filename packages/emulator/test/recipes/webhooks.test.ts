import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyWebhook } from '@clerk/backend/webhooks'
import { createEmulator } from '@org-memberships/emulator'
import { expect, it } from 'vitest'

const signingSecret = `whsec_${Buffer.from('only for tests').toString('base64')}`

it('tells the app of a removal', async () => {
  const received: string[] = []
  const app = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const request = new Request('http://localhost/webhooks', {
      method: 'POST',
      headers: incoming.headers as Record<string, string>,
      body: Buffer.concat(chunks),
    })
    const event = await verifyWebhook(request, { signingSecret })
    received.push(event.type)
    outgoing.end()
  })
  await new Promise<void>((resolve) => app.listen(0, resolve))
  const { port } = app.address() as AddressInfo

  await using emulator = await createEmulator({
    seed: new URL('seed.json', import.meta.url),
    webhooks: { url: `http://localhost:${port}/webhooks`, secret: signingSecret },
  })
  await fetch(`${emulator.url}/organizations/org_acme/memberships/user_ada`, {
    method: 'DELETE',
    headers: {
      Authorization: `Bearer ${emulator.secretKey}`,
      'Clerk-API-Version': '2026-05-12',
    },
  })
  await emulator.webhooks?.settled()
  app.close()

  expect(received).toEqual(['organizationMembership.deleted'])
})
