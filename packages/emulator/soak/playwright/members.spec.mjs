import { expect, test } from '@playwright/test'

// An app has to be told of the emulator in its own code, such as `baseURL: process.env.MEMBERSHIPS_URL` for
// @org-memberships/core and /nestjs, which read no variable for the address. Here the test stands for the app.
const members = 'http://127.0.0.1:9899/v1/organizations/org_acme/memberships'
const headers = { Authorization: 'Bearer sk_test_local', 'Clerk-API-Version': '2026-05-12' }

test('Bob is added', async ({ request }) => {
  const data = { user_id: 'user_bob', role: 'org:member' }
  const created = await request.post(members, { headers, data })
  expect(created.status()).toBe(200)
  const list = await request.get(`${members}?user_id=user_bob`, { headers })
  expect((await list.json()).total_count).toBe(1)
})
