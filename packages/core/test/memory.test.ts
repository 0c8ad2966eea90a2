import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { OrganizationMembershipsClient } from '../src/index.js'
import { membershipsJSON, secretKey } from './fixtures.js'
import { json, ScriptableServer } from './scriptable-server.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let server: ScriptableServer
beforeAll(async () => {
  server = await ScriptableServer.start()
  server.otherwise(json(membershipsJSON()))
})
afterAll(() => server.close())

it('keeps no answer, though fetch keeps the signal that it was given', async () => {
  const signals: unknown[] = []
  const answers: WeakRef<Response>[] = []
  const client = new OrganizationMembershipsClient({
    secretKey,
    baseURL: server.baseURL,
    async fetch(input, init) {
      const response = await fetch(input, init)
      // As Node's own does, until the collection after the next one.
      signals.push(init?.signal)
      answers.push(new WeakRef(response))
      return response
    },
  })
  const { signal } = new AbortController()
  for (let call = 0; call < 20; call++) {
    await client.list({ organizationId: 'org_1' }, { signal })
  }
  // Weak references that were made or read in a turn of the event loop hold until its end, and the connection's last
  // answer until the next.
  await new Promise((resolve) => setTimeout(resolve, 10))
  collectGarbage()
  expect(signals).toHaveLength(20)
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(3)
})
