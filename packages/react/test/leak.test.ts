import { expect, test } from 'vitest'
import { organizationMembershipsKey } from '../src/pages/keys.js'
import { Organization } from '../src/organization.js'
import type { Change } from '../src/members/presence.js'
import { ModelServer } from './fuzz/model-server.js'
import { Random } from './fuzz/random.js'

const changes: readonly Change[] = [
  { kind: 'update', role: 'org:admin', permissions: [] },
  { kind: 'updateMetadata', publicMetadata: { a: 1, b: null } },
  { kind: 'updateMetadata', publicMetadata: { b: { c: 1 } } },
  { kind: 'delete' },
  { kind: 'create', role: 'org:member' },
]

test('10,000 writes leave no write and no listener behind', async () => {
  const server = new ModelServer(new Random(1), 10)
  server.listFailures = 0
  const drain = async () => {
    do {
      for (const step of server.steps) step.run()
      await new Promise((resolve) => setImmediate(resolve))
    } while (server.steps.size > 0)
  }
  const store = new Organization('org_1', server.api)
  const key = organizationMembershipsKey('org_1')
  const place = { cache: {}, id: 'page', listId: 'page' }
  const { signal } = new AbortController()
  const fetch = async () => {
    const reading = store.fetchPage(key, place, signal)
    await drain()
    await reading
  }
  let listenerCount = 0
  const counting = new AbortController().signal
  const { addEventListener, removeEventListener } = counting
  counting.addEventListener = (...args: unknown[]) => {
    listenerCount += 1
    Reflect.apply(addEventListener, counting, args)
  }
  counting.removeEventListener = (...args: unknown[]) => {
    listenerCount -= 1
    Reflect.apply(removeEventListener, counting, args)
  }

  await fetch()
  for (let round = 0; round < 100; round += 1) {
    const settled = Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => {
        const change = changes[(index + round) % changes.length]!
        const userId = `user_${index % 10}`
        const options = { optimistic: true, revalidate: false, signal: counting }
        return store.write({ userId, change, ...options })
      }),
    )
    expect(listenerCount).toBe(100)
    await drain()
    await settled
  }
  expect(listenerCount).toBe(0)
  // One user has at most one.
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(store.table.written.size).toBeLessThanOrEqual(10)
  await fetch()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(store.table.written.size).toBe(0)
})
