import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import { Front } from './front.js'

export const size = 500

const organizationId = 'org_1'
const userOf = (index) => `user_${index}`
const seed = {
  roles: [{ key: 'org:editor', name: 'Editor', permissions: ['org:sys_memberships:read'] }],
  users: Array.from({ length: size }, (_, index) => ({
    id: userOf(index),
    first_name: `A${index}`,
  })),
  organizations: [
    {
      id: organizationId,
      name: 'Acme',
      max_allowed_memberships: 0,
      memberships: Array.from({ length: size }, (_, index) => ({
        user_id: userOf(index),
        role: index < 2 ? 'org:admin' : 'org:member',
      })),
    },
  ],
}

/** A list on a page of its own, with servers and members of its own. */
export async function openList(browser, script, { latency, ...view }) {
  const emulator = await createEmulator({ seed })
  const front = await Front.start(emulator, { script, userId: userOf(0), organizationId })
  const page = await (await browser.newContext()).newPage()
  const strays = []
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== front.origin) strays.push(request.url())
  })
  const run = (name, ...parameters) =>
    page.evaluate(([key, all]) => globalThis.bench[key](...all), [name, parameters])
  const client = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    getToken: () => emulator.secretKey,
  })
  let next = size - 1
  await page.goto(front.origin)
  await run('signIn')
  front.latency = latency
  const time = await run('show', view, size)
  return {
    front,
    opened: { time, requests: countOf(front.requests) },
    /** A member whom nobody has touched. */
    someone: () => userOf(next--),
    /** What becomes of it, from the first frame until nothing is on its way any more, as `userId` has it. */
    async watch(userId, name, ...parameters) {
      front.requests.length = 0
      await run('watch', userId)
      const result = await run(name, ...parameters)
      await front.quiet(() => run('idle'))
      const watched = await run('unwatch', userId)
      const onServer = (await client.get({ organizationId, userId }))?.role ?? null
      return { ...watched, result, onServer, requests: countOf(front.requests) }
    },
    async close() {
      await page.context().close()
      await front.close()
      await emulator.close()
      if (strays.length > 0) throw new Error(`Requests to elsewhere: ${strays.join(', ')}`)
    },
  }
}

function countOf(methods) {
  return ['PATCH', 'DELETE', 'GET']
    .map((method) => [method, methods.filter((other) => other === method).length])
    .filter(([, count]) => count > 0)
    .map(([method, count]) => `${count} ${method}`)
    .join(' + ')
}
