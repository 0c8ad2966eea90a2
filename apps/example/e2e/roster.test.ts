import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Roster } from '../api/overview/roster.js'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { demoSeed } from '../api/seed/demo-seed.js'
import { truthOf } from './running-example.js'

// More than one page of the API's largest.
const large = createDemoOrganization({ members: 1_200 })
const [candidate] = large.candidates
const someone = large.memberships[600]
if (candidate === undefined || someone === undefined) throw new Error('The demo is too small.')
const { userId } = someone.person
const organizationId = large.id

// Nobody has it at first.
const billing = { key: 'org:billing', name: 'Billing', permissions: [] }

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed: { ...demoSeed(large), roles: [billing] } })
})
afterAll(() => emulator.close())
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(async () => {
  vi.useRealTimers()
  await emulator.reset()
})

const client = () => truthOf(emulator)
const rosterOf = (memberships = client()) =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it asks for nothing else of the settings
  new Roster({ organizationId } as ConstructorParameters<typeof Roster>[0], memberships)
const never = new AbortController().signal
/** Pages of the walk over everybody. */
const listed = () => emulator.requests.filter(({ search }) => search.get('limit') === '500').length
/** What was compared a while ago is compared again. */
const later = (time = 2_000) => vi.setSystemTime(Date.now() + time)

describe('everybody', () => {
  test('is read once for all who ask at the same time, and again after a minute', async () => {
    const roster = rosterOf()
    let readBefore = listed()
    const [first, second] = await Promise.all([roster.read(never), roster.read(never)])
    const once = listed() - readBefore
    expect(first).toBe(second)
    expect(once).toBeGreaterThanOrEqual(3)

    readBefore = listed()
    later()
    await roster.read(never)
    expect(listed()).toBe(readBefore)

    // Somebody else has one leave and another come, past this app: each count is as it was.
    await client().delete({ organizationId, userId })
    await client().create({ organizationId, userId: candidate.userId, role: someone.role })
    later()
    expect((await roster.read(never)).entries.has(userId)).toBe(true)
    later(60_000)
    expect((await roster.read(never)).entries.has(userId)).toBe(false)
    expect(listed()).toBe(readBefore + once)
  })

  test('is known with the changes that happen while it is read', async () => {
    const member = await client().get({ organizationId, userId })
    if (member === null) throw new Error('There is no such member.')
    const roster = rosterOf()
    const reading = roster.read(never)
    // The pages that are on their way know nothing of it yet.
    roster.takeOut(member)

    const { entries } = await reading
    expect(entries.has(userId)).toBe(false)
    expect(entries.size).toBe(1_199)
  })

  test('is read no further when nobody waits any more, and anew for the next', async () => {
    const roster = rosterOf()
    emulator.latency = 200
    const before = listed()
    const leaving = new AbortController()
    const staying = new AbortController()
    const left = roster.read(leaving.signal)
    const stayed = roster.read(staying.signal)
    leaving.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    await expect.poll(() => listed() - before).toBe(1)

    staying.abort(new Error('gone as well'))
    await expect(stayed).rejects.toThrow('gone as well')
    // As long as the first page and the next would have taken.
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(listed() - before).toBe(1)

    emulator.latency = 0
    expect((await roster.read(never)).entries.size).toBe(1_200)
  })

  test('is not known after a reading that fails, of which all who wait are told', async () => {
    const roster = rosterOf()
    const fault = emulator.failNext({ route: 'list', status: 403, times: Infinity })
    const both = await Promise.allSettled([roster.read(never), roster.read(never)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])

    fault.cancel()
    expect((await roster.read(never)).entries.size).toBe(1_200)
  })
})

describe('what others do is seen by counting', () => {
  test('who has another role, and who is gone', async () => {
    const roster = rosterOf()
    await roster.read(never)

    await client().update({ organizationId, userId, role: 'org:admin' })
    later()
    expect((await roster.read(never)).entries.get(userId)?.role).toBe('org:admin')
    await client().delete({ organizationId, userId })
    later()
    expect((await roster.read(never)).entries.has(userId)).toBe(false)
  })

  test('a role that nobody had', async () => {
    const roster = rosterOf()
    await roster.read(never)

    // As many as before, and as many of each role that was known but one, whichever that is.
    for (const member of [someone, large.admin]) {
      const { userId: id } = member.person
      await client().update({ organizationId, userId: id, role: 'org:billing' })
      later()
      expect((await roster.read(never)).entries.get(id)?.role).toBe('org:billing')
    }
  })

  test('the first admin of an organization that has members only', async () => {
    const only = await createEmulator({
      seed: demoSeed({ ...large, memberships: [someone] }),
    })
    try {
      const roster = rosterOf(truthOf(only))
      await roster.read(never)
      await truthOf(only).update({ organizationId, userId, role: 'org:admin' })
      later()
      expect((await roster.read(never)).entries.get(userId)?.role).toBe('org:admin')
    } finally {
      await only.close()
    }
  })

  test('once for all who ask at the same time or soon after', async () => {
    const roster = rosterOf()
    await roster.read(never)
    later()
    const { length } = emulator.requests
    await Promise.all(Array.from({ length: 20 }, () => roster.read(new AbortController().signal)))
    await roster.read(never)
    expect(emulator.requests.length - length).toBe(3)

    later()
    await roster.read(never)
    expect(emulator.requests.length - length).toBe(6)
  })

  test('and not while the API cannot count: then what is kept is given, with since when', async () => {
    const roster = rosterOf()
    const readAt = Date.now()
    await roster.read(never)
    later()
    const fault = emulator.failNext({ route: 'list', status: 403, times: Infinity })
    const { entries, uncheckedSince } = await roster.read(never)
    expect(entries.size).toBe(1_200)
    expect(uncheckedSince).toBeGreaterThanOrEqual(readAt)
    expect(uncheckedSince).toBeLessThan(readAt + 1_000)
    // Nor is it asked again by each who reads.
    const { length } = emulator.requests
    await roster.read(never)
    expect(emulator.requests.length).toBe(length)

    fault.cancel()
    later()
    expect((await roster.read(never)).uncheckedSince).toBeNull()
  })
})
