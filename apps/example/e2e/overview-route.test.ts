import type { ClerkErrorsJSON } from '@org-memberships/core/contract'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Overview, overviewOf } from '../api/overview/figures.js'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import type { Example } from '../api/start-example.js'
import { demo, emulatorOf, signIn, startOnFreePort } from './running-example.js'

// More than one page of the API's largest.
const large = createDemoOrganization({ members: 1_200 })
const [candidate] = large.candidates
const [someone, gone] = large.memberships.slice(600)
if (candidate === undefined || someone === undefined || gone === undefined)
  throw new Error('The demo is too small.')

let example: Example
let token: string

beforeAll(async () => {
  example = await startOnFreePort(null, large)
  token = await signIn(example, large.admin.person.userId)
})
afterAll(() => example.close())

const authorization = (of: string) => ({ Authorization: `Bearer ${of}` })
const ask = (headers: { [name: string]: string } = authorization(token), signal?: AbortSignal) =>
  fetch(`${example.url}/api/overview`, { headers, ...(signal && { signal }) })
const read = async () => (await (await ask()).json()) as Overview
/** Pages of the walk over everybody, of which there are three and one that finds the end. */
const listed = () =>
  emulatorOf(example).requests.filter(({ search }) => search.get('limit') === '500').length

/** As the page does it, through the mounted routes. */
async function change(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) {
  return fetch(`${example.url}/api/v1/organizations/${large.id}/memberships${path}`, {
    method,
    headers: { ...authorization(token), 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

const countOf = ({ roles }: Overview, role: string) =>
  roles.find((figure) => figure.role === role)?.count ?? 0

describe('GET /api/overview', () => {
  test('nobody without a session reads it, nor whoever is no member', async () => {
    const stranger = await emulatorOf(example).createSessionToken({
      userId: candidate.userId,
      azp: example.url,
    })

    expect((await ask({})).status).toBe(401)
    expect((await ask(authorization('e30.e30.e30'))).status).toBe(401)
    expect((await ask(authorization(stranger))).status).toBe(403)
  })

  test('an admin and a plain member read the same: who is there, by role and month', async () => {
    const response = await ask()
    const overview = (await response.json()) as Overview
    const memberToken = await signIn(example, large.member.person.userId)

    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const admins = large.memberships.filter(({ role }) => role === 'org:admin').length
    expect(overview.total).toBe(1_200)
    expect(overview.roles).toEqual([
      { role: 'org:member', name: 'Member', count: 1_200 - admins },
      { role: 'org:admin', name: 'Admin', count: admins },
    ])
    const joined = new Map<string, number>()
    for (const { createdAt } of large.memberships) {
      const month = new Date(createdAt).toISOString().slice(0, 7)
      joined.set(month, (joined.get(month) ?? 0) + 1)
    }
    for (const figure of overview.months) {
      expect(figure.joined).toBe(joined.get(figure.month) ?? 0)
    }
    expect(overview.months.reduce((sum, month) => sum + month.joined, overview.joinedBefore)).toBe(
      1_200,
    )
    expect(await (await ask(authorization(memberToken))).json()).toEqual(overview)
  })

  test('it follows each change made here, without reading everybody again', async () => {
    const before = await read()
    const readBefore = listed()

    await change('POST', '', { user_id: candidate.userId, role: 'org:member' })
    const added = await read()
    expect(added.total).toBe(before.total + 1)
    expect(added.months.at(-1)?.joined).toBe((before.months.at(-1)?.joined ?? 0) + 1)
    expect(countOf(added, 'org:member')).toBe(countOf(before, 'org:member') + 1)

    await change('PATCH', `/${candidate.userId}`, { role: 'org:admin' })
    const promoted = await read()
    expect(countOf(promoted, 'org:admin')).toBe(countOf(before, 'org:admin') + 1)
    expect(countOf(promoted, 'org:member')).toBe(countOf(before, 'org:member'))

    // Nothing of it is in the figures, and nothing is lost.
    await change('PATCH', `/${candidate.userId}/metadata`, { public_metadata: { team: 'Legal' } })
    expect(await read()).toEqual(promoted)

    await change('DELETE', `/${candidate.userId}`)
    expect(await read()).toEqual(before)
    expect(listed()).toBe(readBefore)
  })

  test('a refused change changes nothing; after one whose outcome nobody knows, all are read anew', async () => {
    const before = await read()
    let readBefore = listed()

    const refused = await change('POST', '', {
      user_id: someone.person.userId,
      role: 'org:member',
    })
    expect(refused.status).toBe(400)
    expect(await read()).toEqual(before)
    expect(listed()).toBe(readBefore)

    const { userId } = someone.person
    const fault = emulatorOf(example).failNext({ route: 'delete', status: 500, times: Infinity })
    expect((await change('DELETE', `/${userId}`)).status).toBe(502)
    fault.cancel()
    readBefore = listed()
    expect(await read()).toEqual(before)
    expect(listed()).toBeGreaterThan(readBefore)
  })

  test('a removal that was done, but answered only by "not found" at the second attempt, is seen', async () => {
    const before = await read()
    const { userId } = gone.person
    // The member is removed, and the answer is cut off; the client asks once more.
    emulatorOf(example).failNext({ route: 'delete', fault: 'reset', applied: true })
    expect((await change('DELETE', `/${userId}`)).status).toBe(404)
    expect((await read()).total).toBe(before.total - 1)
  })

  test('twenty plain members who read at the same time have the API asked once', async () => {
    await read()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_000 })
    try {
      const memberToken = await signIn(example, large.member.person.userId)
      const readAsMember = () => ask(authorization(memberToken))
      // Who they are is asked for as well, and kept.
      await readAsMember()
      vi.setSystemTime(Date.now() + 3_000)
      const { length } = emulatorOf(example).requests
      const answers = await Promise.all(Array.from({ length: 20 }, readAsMember))

      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
      // All of them, and those of two roles.
      expect(emulatorOf(example).requests.length - length).toBe(3)
    } finally {
      vi.useRealTimers()
    }
  })
})

test('a server that cannot count says so in the envelope, and counts again once it can', async () => {
  const fresh = await startOnFreePort()
  const headers = authorization(await signIn(fresh, demo.admin.person.userId))
  const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    // Who the caller is was read before; what fails is the counting.
    await fetch(`${fresh.url}/api/v1/organizations/${demo.id}/memberships?limit=1`, { headers })
    const fault = emulatorOf(fresh).failNext({ route: 'list', status: 500, times: Infinity })
    const failed = await fetch(`${fresh.url}/api/overview`, { headers })
    const body = (await failed.json()) as ClerkErrorsJSON
    expect(failed.status).toBe(502)
    expect(body.errors[0]?.code).toBe('upstream_failed')

    fault.cancel()
    const well = await fetch(`${fresh.url}/api/overview`, { headers })
    expect(await well.json()).toMatchObject({ total: 250 })
  } finally {
    log.mockRestore()
    await fresh.close()
  }
})

describe('the figures', () => {
  const now = Date.UTC(2026, 10, 24)
  const joinedAt = (...dates: number[]) => ({
    entries: new Map(
      dates.map((date, index) => [
        `user_${index}`,
        { role: 'org:member', roleName: 'Member', joinedAt: date },
      ]),
    ),
    uncheckedSince: null,
  })

  test('show a year at least, months in which nobody joined among them', () => {
    const { months, joinedBefore } = overviewOf(joinedAt(Date.UTC(2026, 9, 1)), now)

    expect(months).toHaveLength(12)
    expect(months[0]).toEqual({ month: '2025-12', joined: 0 })
    expect(months[10]).toEqual({ month: '2026-10', joined: 1 })
    expect(joinedBefore).toBe(0)
  })

  test('show three years at most, and count who joined before', () => {
    const { months, joinedBefore, total } = overviewOf(
      joinedAt(Date.UTC(2019, 0, 1), Date.UTC(2023, 11, 1) - 1, Date.UTC(2023, 11, 1), now),
      now,
    )

    expect(months).toHaveLength(36)
    expect(months[0]).toEqual({ month: '2023-12', joined: 1 })
    expect(months.at(-1)).toEqual({ month: '2026-11', joined: 1 })
    expect({ joinedBefore, total }).toEqual({ joinedBefore: 2, total: 4 })
  })

  test('of nobody are an empty year', () => {
    expect(overviewOf(joinedAt(), now)).toMatchObject({ total: 0, roles: [], joinedBefore: 0 })
  })
})
