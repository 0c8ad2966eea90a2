import { ConsoleLogger, Logger } from '@nestjs/common'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call, type Mounted, origin, startMounted } from './support/mounted.js'

describe('what every request fails with is one line for each cause and second', () => {
  const lines: string[] = []
  class Recorder extends ConsoleLogger {
    protected override printMessages(messages: unknown[], name = '', level = 'log'): void {
      if (level === 'warn' || level === 'error') lines.push(`[${name}] ${messages.join(' ')}`)
    }
  }
  let mounted: Mounted
  let startedAt = 0
  const begin = () => {
    lines.length = 0
    Logger.overrideLogger(new Recorder())
    startedAt = performance.now()
  }
  /** How many lines one cause may have had by now. */
  const most = () => 1 + Math.floor((performance.now() - startedAt) / 1_000)
  const list = async (token: string) =>
    (await call('GET', `${mounted.url}/v1/organizations/org_acme/memberships`, { token })).status

  describe('while the signing keys cannot be read', () => {
    beforeAll(async () => {
      // Nobody listens there.
      mounted = await startMounted('express', { access: { apiUrl: 'http://127.0.0.1:9' } })
    })
    beforeEach(begin)
    afterAll(() => mounted.close())

    it('says so once', async () => {
      const token = await mounted.emulator.createSessionToken({ userId: 'user_ada', azp: origin })
      for (let count = 0; count < 50; count += 1) expect(await list(token)).toBe(503)
      expect(lines[0]).toContain('The signing keys of session tokens could not be read')
      expect(lines.length).toBeLessThanOrEqual(most() + 1)
    })
  })

  describe('while the API fails', () => {
    beforeAll(async () => {
      mounted = await startMounted('express', { client: { maxRetries: 0 } })
    })
    beforeEach(begin)
    afterAll(() => mounted.close())

    it('says so once, for the client and for the route', async () => {
      const token = await mounted.emulator.createSessionToken({ userId: 'user_ada', azp: origin })
      mounted.emulator.failNext({ status: 500, route: 'list', times: Infinity })
      for (let count = 0; count < 50; count += 1) expect(await list(token)).toBe(503)
      expect(new Set(lines.map((line) => line.split(']')[0])).size).toBeLessThanOrEqual(2)
      expect(lines.length).toBeGreaterThanOrEqual(2)
      expect(lines.length).toBeLessThanOrEqual(2 * (most() + 1))
    })
  })
})
