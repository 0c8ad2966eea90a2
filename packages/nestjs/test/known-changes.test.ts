import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KnownChanges } from '../src/access/known-changes.js'
import { UncertainMembers } from '../src/access/uncertain-members.js'

const start = Date.UTC(2026, 0, 1)

beforeEach(() => {
  vi.useFakeTimers({ now: start })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('KnownChanges', () => {
  const mayBeAfter = (changes: KnownChanges, issuedAt: number | undefined, userId = 'user_1') =>
    changes.mayBeAfter(issuedAt, 'org_1', userId)

  it('knows nothing of a member who was not changed', () => {
    const changes = new KnownChanges()
    changes.add('org_1', 'user_2')
    changes.add('org_2', 'user_1')
    expect(mayBeAfter(changes, start - 60_000)).toBe(false)
    expect(mayBeAfter(changes, undefined)).toBe(false)
  })

  it('compares with the time of issue, and allows for a clock that is ahead', () => {
    const changes = new KnownChanges()
    changes.add('org_1', 'user_1')
    expect(mayBeAfter(changes, start - 60_000)).toBe(true)
    expect(mayBeAfter(changes, start + 5_000)).toBe(true)
    expect(mayBeAfter(changes, start + 6_000)).toBe(false)
    expect(mayBeAfter(changes, undefined)).toBe(true)
  })

  it('does not take a change for older because the clock was set back', () => {
    const changes = new KnownChanges()
    vi.advanceTimersByTime(60_000)
    vi.setSystemTime(start + 40_000)
    changes.add('org_1', 'user_1')
    expect(mayBeAfter(changes, start + 55_000)).toBe(true)
  })

  it('goes by the last change', () => {
    const changes = new KnownChanges()
    changes.add('org_1', 'user_1')
    vi.advanceTimersByTime(60_000)
    changes.add('org_1', 'user_1')
    expect(mayBeAfter(changes, start + 50_000)).toBe(true)
  })

  it('trusts no token that may be older than a change it has dropped', () => {
    const changes = new KnownChanges()
    changes.add('org_1', 'user_1')
    vi.advanceTimersByTime(60_000)
    for (let index = 0; index < 10_000; index += 1) changes.add('org_2', `user_${index}`)
    expect(mayBeAfter(changes, start)).toBe(true)
    expect(mayBeAfter(changes, start, 'user_of_nobody')).toBe(true)
    expect(mayBeAfter(changes, start + 50_000)).toBe(false)
  })
})

describe('UncertainMembers', () => {
  it('holds a member for 30 s after the last change without an outcome', () => {
    const members = new UncertainMembers()
    members.add('org_1', 'user_1')
    vi.advanceTimersByTime(20_000)
    members.add('org_1', 'user_1')
    members.add('org_1', 'user_2')
    vi.advanceTimersByTime(29_000)
    expect(members.count('org_1')).toBe(2)
    expect(members.has('org_1', 'user_1')).toBe(true)
    expect(members.has('org_2', 'user_1')).toBe(false)
    vi.advanceTimersByTime(1_000)
    expect(members.has('org_1', 'user_1')).toBe(false)
    expect(members.count('org_1')).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
