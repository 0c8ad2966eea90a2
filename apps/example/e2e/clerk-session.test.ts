import { expect, test } from 'vitest'
import { createClerkSession } from '../web/src/app/session.js'

const sessionOf = (id: string) => ({ id, getToken: async () => `token of ${id}` })

test('a session’s token is handed out only while it is the active one', async () => {
  const clerk: { session: ReturnType<typeof sessionOf> | null } = { session: sessionOf('sess_1') }
  const getToken = createClerkSession(clerk, 'sess_1')
  expect(await getToken()).toBe('token of sess_1')

  // Clerk makes a new object of the same session when something of it changes.
  clerk.session = sessionOf('sess_1')
  expect(await getToken()).toBe('token of sess_1')

  clerk.session = null
  expect(await getToken()).toBeNull()
  clerk.session = sessionOf('sess_2')
  expect(await getToken()).toBeNull()
})
