import type { OrganizationMembershipPage } from '@org-memberships/core'
import { expect, test } from 'vitest'
import { normalizeQuery } from '../src/keys.js'
import { OrganizationStore } from '../src/organization-store.js'
import type { Change } from '../src/overlay/change.js'
import { ModelServer } from './fuzz/model-server.js'
import { Random } from './fuzz/random.js'

const changes: readonly Change[] = [
  { kind: 'update', role: 'org:admin', permissions: [] },
  { kind: 'updateMetadata', publicMetadata: { a: 1, b: null } },
  { kind: 'updateMetadata', publicMetadata: { b: { c: 1 } } },
  { kind: 'delete' },
  { kind: 'create', role: 'org:member' },
]

test('10,000 writes leave no operation and no listener behind', async () => {
  const server = new ModelServer(new Random(1), 10)
  server.listFailures = 0
  const drain = async () => {
    do {
      for (const step of server.steps) step.run()
      await new Promise((resolve) => setImmediate(resolve))
    } while (server.steps.size > 0)
  }
  let page: OrganizationMembershipPage | undefined
  const store = new OrganizationStore('org_1', server.api, () => (page ? [page] : []))
  const { signal } = new AbortController()
  const fetch = async () => {
    const reading = store.fetchPage(normalizeQuery({}), () => page, signal)
    await drain()
    page = await reading
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
  // One user has at most one: those that the page does not tell apart are joined.
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(store.operationCount).toBeLessThanOrEqual(10)
  await fetch()
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(store.operationCount).toBe(0)
})
