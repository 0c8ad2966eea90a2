import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import type { Example } from '../api/start-example.js'
import { demo, emulatorOf, signIn, startOnFreePort } from './running-example.js'

const [candidate] = demo.candidates
const someone = demo.memberships[100]
if (candidate === undefined || someone === undefined) throw new Error('The demo is too small.')

let example: Example
let adminToken: string

beforeAll(async () => {
  example = await startOnFreePort()
  adminToken = await signIn(example, demo.admin.person.userId)
})
afterAll(() => example.close())

describe('the demo’s own routes', () => {
  const people = (search: string, token: string | null) =>
    fetch(`${example.url}/api/people${search}`, {
      headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    })

  test.each([
    { body: { userId: someone.person.userId } },
    { body: {} },
    { body: { userId: 1 } },
    { body: [] },
  ])('nobody becomes a person who is not in the demo, by $body', async ({ body }) => {
    const response = await fetch(`${example.url}/api/demo/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      errors: [{ code: 'form_param_value_invalid' }],
    })
  })

  test('however many ask what there is, the API is asked once a minute', async () => {
    const describeDemo = async () =>
      (await (await fetch(`${example.url}/api/demo`)).json()) as object
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 })
    try {
      const before = emulatorOf(example).requests.length
      const all = await Promise.all(Array.from({ length: 10 }, describeDemo))
      for (const one of all) expect(one).toMatchObject({ organization: { name: demo.name } })
      expect(emulatorOf(example).requests.length - before).toBe(1)

      vi.setSystemTime(Date.now() + 61_000)
      await describeDemo()
      expect(emulatorOf(example).requests.length - before).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  test('a name that could not be read is asked for again by the next', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 183_000 })
    try {
      const fault = emulatorOf(example).failNext({ route: 'list', status: 403, times: Infinity })
      expect((await fetch(`${example.url}/api/demo`)).status).toBeGreaterThanOrEqual(400)
      fault.cancel()
      expect((await fetch(`${example.url}/api/demo`)).status).toBe(200)
    } finally {
      vi.useRealTimers()
    }
  })

  test('the emulator cannot be put into a condition that there is not', async () => {
    const response = await fetch(`${example.url}/api/demo/condition`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: '{"condition":"stormy"}',
    })

    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ code: 'form_param_value_invalid' }] })
  })

  test('an admin finds at most five people by a part of a name, first those to add', async () => {
    const response = await people('?query=kar', adminToken)
    const { people: found } = (await response.json()) as {
      people: { name: string; isMember: boolean }[]
    }

    expect(found.length).toBe(5)
    for (const { name } of found) expect(name).toMatch(/kar/i)
    expect(found.map(({ isMember }) => isMember)).toEqual([false, true, true, true, true])
  })

  test('who can be added is found among all matches, also where 10,000 addresses hold the text', async () => {
    const full = await startOnFreePort(null, createDemoOrganization())
    try {
      // `mer` is a part of meridian.example, and of the last name of one who can be added.
      const response = await fetch(`${full.url}/api/people?query=mer`, {
        headers: { Authorization: `Bearer ${await signIn(full, demo.admin.person.userId)}` },
      })
      const { people: found } = (await response.json()) as {
        people: { name: string; isMember: boolean }[]
      }

      expect(found[0]).toMatchObject({ name: 'Océane Mercier', isMember: false })
      for (const { name } of found) expect(name).toMatch(/mer/i)
    } finally {
      await full.close()
    }
  })

  test('the person whom the page names as an example can be added', async () => {
    const { candidateName } = (await (await fetch(`${example.url}/api/demo`)).json()) as {
      candidateName: string
    }
    const response = await people(`?query=${candidateName}`, adminToken)
    const { people: found } = (await response.json()) as { people: { isMember: boolean }[] }

    expect(found[0]).toMatchObject({ isMember: false })
    expect(await readFile(new URL('../README.md', import.meta.url), 'utf8')).toContain(
      `try ${candidateName}`,
    )
  })

  test('an admin is told who is a member already', async () => {
    const response = await people(`?email_address=${someone.person.emailAddress}`, adminToken)

    expect(await response.json()).toMatchObject({
      people: [{ userId: someone.person.userId, isMember: true }],
    })
  })

  test('an admin finds a person by the exact address only', async () => {
    const whole = await people(`?email_address=${candidate.emailAddress}`, adminToken)
    const part = await people('?email_address=@meridian.example', adminToken)

    expect(await whole.json()).toEqual({
      people: [
        {
          userId: candidate.userId,
          name: `${candidate.firstName} ${candidate.lastName}`,
          emailAddress: candidate.emailAddress,
          isMember: false,
        },
      ],
    })
    expect(part.status).toBe(422)
  })

  test.each(['', '?query=', '?query=ko', '?query=%20%20k%20', '?query=...', '?query[]=kowalski'])(
    'the directory cannot be read by /api/people%s',
    async (search) => {
      expect((await people(search, adminToken)).status).toBe(422)
    },
  )

  test('a plain member and a stranger search nobody', async () => {
    expect(
      (await people('?query=kowalski', await signIn(example, demo.member.person.userId))).status,
    ).toBe(403)
    expect((await people('?query=kowalski', null)).status).toBe(401)
  })
})
