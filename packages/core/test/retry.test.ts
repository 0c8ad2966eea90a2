import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  apiErrorFor,
  ConnectionError,
  InvalidArgumentError,
  RedirectError,
  ResponseParseError,
  TimeoutError,
} from '../src/errors.js'
import { delayBeforeRetry, mayHaveActed, retryReasonFor } from '../src/retry.js'

const request = { method: 'GET', path: '/x' } as const
const api = (status: number, code?: string) =>
  apiErrorFor(request, {
    status,
    errors: code === undefined ? [] : [{ code, message: code, long_message: code }],
  })

describe('which failures are tried again', () => {
  it.each([
    [
      'a refused connection',
      new ConnectionError(request, 'x', { sent: false }),
      'connection',
      false,
    ],
    ['a lost connection', new ConnectionError(request, 'x'), 'connection', true],
    ['a timeout', new TimeoutError(request, 5), 'timeout', true],
    ['an unusable answer', new ResponseParseError(request, 200, 'x'), 'unusable_answer', true],
    ['408', api(408), 'request_timeout', false],
    ['409 resource_locked', api(409, 'resource_locked'), 'locked', false],
    ['409 of another kind', api(409, 'role_migration_in_progress'), undefined, false],
    ['429', api(429), 'rate_limit', false],
    ['500', api(500), 'server_error', true],
    ['504', api(504), 'server_error', true],
    ['400', api(400), undefined, false],
    ['401', api(401), undefined, false],
    ['404', api(404), undefined, false],
    ['422', api(422), undefined, false],
    ['a redirect', new RedirectError(request), undefined, false],
    ['a wrong argument', new InvalidArgumentError('limit', 'x'), undefined, false],
    ['an abort', new DOMException('x', 'AbortError'), undefined, false],
    ['nothing', undefined, undefined, false],
  ])('%s', (_, error, reason, acted) => {
    expect(retryReasonFor(error)).toBe(reason)
    expect(mayHaveActed(error)).toBe(acted)
  })
})

describe('the pause before a retry', () => {
  const timing = fc.record({
    retry: fc.integer({ min: 1, max: 2000 }),
    retryAfter: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
    maxRetryDelay: fc.double({ min: 0, max: 100_000, noNaN: true }),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  })

  it('is whole, never undercuts the server, never exceeds the cap, and is given up beyond it', () => {
    fc.assert(
      fc.property(timing, (given) => {
        const delay = delayBeforeRetry(given) ?? Infinity
        const { retryAfter = 0, maxRetryDelay } = given
        expect(Math.floor(delay)).toBe(delay)
        expect(delay === Infinity).toBe(retryAfter > maxRetryDelay)
        expect(delay).toBeGreaterThanOrEqual(retryAfter)
        expect(Math.min(delay, maxRetryDelay)).toBe(delay === Infinity ? maxRetryDelay : delay)
      }),
    )
  })

  it('grows twofold, with full jitter', () => {
    const delays = (random: number) =>
      [1, 2, 3, 4, 5].map((retry) =>
        delayBeforeRetry({ retry, retryAfter: undefined, maxRetryDelay: 5000, random }),
      )
    expect(delays(1)).toEqual([500, 1000, 2000, 4000, 5000])
    expect(delays(0)).toEqual([0, 0, 0, 0, 0])
    expect(delays(0.5)).toEqual([250, 500, 1000, 2000, 2500])
  })

  it('comes on top of what the server asks for, so that clients do not return in one wave', () => {
    const delay = (random: number) =>
      delayBeforeRetry({ retry: 1, retryAfter: 1000, maxRetryDelay: 30_000, random })
    expect([delay(0), delay(0.5), delay(1)]).toEqual([1000, 1250, 1500])
  })
})
