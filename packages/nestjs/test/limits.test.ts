import {
  type ClerkErrorsJSON,
  type OrganizationMembershipsJSON,
} from '@org-memberships/core/contract'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { OrganizationMembershipsHttpModule } from '../src/index.js'
import { call, type MountedOptions, origin, startMounted } from './support/mounted.js'

const people = Array.from({ length: 230 }, (_, index) => ({
  id: `user_${index}`,
  phone_number: `+1555000${String(index).padStart(4, '0')}`,
}))
const memberships = people.map(({ id }, index) => ({
  user_id: id,
  role: index === 0 ? 'org:admin' : 'org:member',
  created_at: 1_700_000_000_000 + index,
}))
const seed = { users: people, organizations: [{ id: 'org_large', memberships }] }

let emulator: Emulator
const started: { close(): Promise<void> }[] = []
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterEach(() => Promise.all(started.splice(0).map((each) => each.close())))
afterAll(() => emulator.close())

async function start(http: MountedOptions['http'] = {}) {
  const mounted = await startMounted('fastify', { emulator, http })
  started.push(mounted)
  const token = await emulator.createSessionToken({ userId: 'user_0', azp: origin, expiresIn: 600 })
  const list = async (query: string) => {
    const url = `${mounted.url}/v1/organizations/org_large/memberships${query}`
    const { status, json } = await call('GET', url, { token })
    return { status, json: json as OrganizationMembershipsJSON & ClerkErrorsJSON }
  }
  return { url: `${mounted.url}/v1`, token, list }
}

describe('the rows of one list', () => {
  it.each([
    ['100 by default', {}, 100],
    ['as many as the mount says', { maxLimit: 7 }, 7],
    ['all that the API gives, where the mount says so', { maxLimit: 500 }, 500],
  ])('are %s', async (_, http, maxLimit) => {
    const { list } = await start(http)
    const given = await list(`?limit=${maxLimit}`)
    expect(given.status).toBe(200)
    expect(given.json.data).toHaveLength(Math.min(maxLimit, people.length))
    const refused = await list(`?limit=${maxLimit + 1}`)
    expect(refused.status).toBe(422)
    expect(refused.json.errors).toMatchObject([
      { code: 'form_param_value_invalid', message: 'is invalid', meta: { param_name: 'limit' } },
    ])
  })

  it('name the limit that was passed', async () => {
    const { list } = await start()
    expect((await list('?limit=101')).json.errors[0]?.long_message).toBe(
      'limit must be at most 100 on this server, and is 101.',
    )
  })

  it('are 10 where nobody says, or fewer', async () => {
    const [byDefault, few] = [await start(), await start({ maxLimit: 4 })]
    expect((await byDefault.list('')).json.data).toHaveLength(10)
    expect((await few.list('')).json.data).toHaveLength(4)
  })

  it.each([0, -1, 501, 1.5, Number.NaN, '100'])('cannot be %s', (maxLimit) => {
    const options = { access: { useFactory: () => undefined }, maxLimit } as unknown
    expect(() =>
      OrganizationMembershipsHttpModule.forRoot(
        options as Parameters<typeof OrganizationMembershipsHttpModule.forRoot>[0],
      ),
    ).toThrow(/maxLimit must be an integer from 1 to 500/)
  })
})

describe('a whole list through a mount', () => {
  it('comes in pages that the mount gives, whether or not anything is said', async () => {
    const { url, token } = await start()
    const client = new OrganizationMembershipsClient({ baseURL: url, getToken: () => token })
    const before = emulator.requests.length
    const ids = new Set<string>()
    for await (const { id } of client.listAll({ organizationId: 'org_large' })) ids.add(id)
    expect(ids.size).toBe(people.length)
    const limits = emulator.requests
      .slice(before)
      .filter(({ route, search }) => route === 'list' && !search.has('user_id'))
      .map(({ search }) => search.get('limit'))
    expect(new Set(limits)).toEqual(new Set(['100']))
  })

  it('comes in smaller pages where the mount gives fewer rows', async () => {
    const { url, token } = await start({ maxLimit: 50 })
    const client = new OrganizationMembershipsClient({ baseURL: url, getToken: () => token })
    let count = 0
    const all = client.listAll({ organizationId: 'org_large', pageSize: 50 })
    for await (const _ of all) count += 1
    expect(count).toBe(people.length)
  })

  it('is 500 rows a page with a secret key', async () => {
    const { url: baseURL, secretKey } = emulator
    const client = new OrganizationMembershipsClient({ baseURL, secretKey })
    const before = emulator.requests.length
    let count = 0
    for await (const _ of client.listAll({ organizationId: 'org_large' })) count += 1
    expect(count).toBe(people.length)
    expect(emulator.requests.slice(before).map(({ search }) => search.get('limit'))).toEqual([
      '500',
    ])
  })
})

describe('the order of a list', () => {
  it.each(['created_at', '-first_name', '%2Blast_name'])('may be by %s', async (order) => {
    const { list } = await start()
    expect((await list(`?order_by=${order}`)).status).toBe(200)
  })

  it.each(['phone_number', '-email_address', '%2Busername'])(
    'may be by %s only where a filter of that field is open',
    async (order) => {
      const { list } = await start()
      const refused = await list(`?order_by=${order}`)
      expect(refused.status).toBe(422)
      expect(refused.json.errors).toMatchObject([
        {
          code: 'form_param_value_invalid',
          long_message: expect.stringMatching(
            /^order_by must be one of created_at, first_name, last_name on this server/,
          ),
          meta: { param_name: 'order_by' },
        },
      ])
      const open = await start({ filters: ['phoneNumberQuery', 'emailAddress', 'username'] })
      expect((await open.list(`?order_by=${order}`)).status).toBe(200)
    },
  )

  it('is refused together with what else is wrong', async () => {
    const { list } = await start()
    const refused = await list('?order_by=phone_number&limit=101')
    expect(refused.json.errors.map(({ meta }) => meta?.['param_name'])).toEqual([
      'limit',
      'order_by',
    ])
  })
})
