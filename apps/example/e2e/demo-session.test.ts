import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fetchOverview } from '../web/src/overview/overview.js'
import { createDemoSession } from '../web/src/app/session.js'

const givenUp = { status: 'rejected', reason: { name: 'DemoTimeoutError' } }

/** What has been asked and not been answered. */
const waiting: ServerResponse[] = []
let server: Server

beforeEach(async () => {
  server = createServer((_request, response) => void waiting.push(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  // In the page a path is enough.
  const realFetch = globalThis.fetch
  vi.stubGlobal('fetch', (path: string, init: RequestInit) =>
    realFetch(`http://127.0.0.1:${port}${path}`, init),
  )
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  waiting.length = 0
  server.closeAllConnections()
  server.close()
})

/** Until so many have been asked: by real time. */
async function asked(count: number): Promise<void> {
  while (waiting.length < count) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a session that is not answered is given up, and the next who needs one asks again', async () => {
  const getToken = createDemoSession('user_1')
  const both = Promise.allSettled([getToken(), getToken()])
  await asked(1)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await both).toMatchObject([givenUp, givenUp])

  const token = getToken()
  await asked(2)
  waiting[1]?.end(JSON.stringify({ token: 'second', expiresAt: Date.now() + 60_000 }))
  expect(await token).toBe('second')
  expect(await getToken()).toBe('second')
})

test('an answer that begins and does not end is given up as well', async () => {
  const token = createDemoSession('user_1')()
  const outcome = Promise.allSettled([token])
  await asked(1)
  waiting[0]?.writeHead(200).write('{"token":')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await outcome).toMatchObject([givenUp])
})

test('figures that are not answered are given up, after the backend had its time', async () => {
  const figures = fetchOverview(async () => null)
  const outcome = Promise.allSettled([figures])
  await asked(1)
  await vi.advanceTimersByTimeAsync(25_000)
  expect(await outcome).toMatchObject([givenUp])
})
