import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type InvalidArgumentError,
  isInvalidArgumentError,
  OrganizationMembershipsClient,
} from '../src/index.js'
import { membershipJSON, membershipsJSON, rejectionOf, secretKey, userJSON } from './fixtures.js'
import { json, ScriptableServer } from './scriptable-server.js'

let server: ScriptableServer
let client: OrganizationMembershipsClient
beforeAll(async () => {
  server = await ScriptableServer.start()
  client = new OrganizationMembershipsClient({ secretKey, baseURL: server.baseURL })
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const pieces = [
  '.',
  '..',
  '...',
  '/',
  '//',
  '\\',
  '%2f',
  '%2F..',
  '%2e%2e',
  '%252f',
  '%',
  '%zz',
  '?',
  '?a=b',
  '#',
  '#x',
  '&limit=1',
  ';v=1',
  '@evil.example',
  ':80',
  '+',
  '-',
  ' ',
  '\t',
  '\n',
  '\r\nX: y',
  '\0',
  '\u007f',
  '\u2028',
  '\u202e',
  'é',
  'e\u0301',
  '日本',
  '👩‍💻',
  '\ud800',
  '"',
  "'",
  '<b>',
  '{user_id}',
  '$&',
  '$1',
  '`',
  '|',
  '^',
  '*',
  '~',
  'http://evil.example/',
]
const hostileIds = [
  ...pieces,
  ...pieces.map((piece) => `user_1${piece}`),
  ...pieces.map((piece) => `${piece}user_1`),
  ...pieces.map((piece) => `user${piece}1`),
  ...pieces.map((piece) => `../${piece}/metadata`),
  '',
  'memberships',
  'metadata',
  '__proto__',
  'constructor',
  'x'.repeat(1024),
  'x'.repeat(1025),
  '/'.repeat(500),
  '👩‍💻'.repeat(100),
  'x'.repeat(1_000_000),
]

const isRefused = (id: string) =>
  ['', '.', '..'].includes(id) || id.length > 1024 || id.includes('\ud800')
const refusedIds = hostileIds.filter(isRefused)
const sentIds = hostileIds.filter((id) => !isRefused(id))

describe(`${hostileIds.length} hostile ids`, () => {
  it('reach exactly the member meant, as one segment', async () => {
    server.otherwise(json(membershipJSON()))
    for (const id of sentIds) {
      await client.update({ organizationId: 'org_1', userId: id, role: 'org:admin' })
      const segments = server.last.url.split('/')
      expect(segments.slice(0, 5)).toEqual(['', 'v1', 'organizations', 'org_1', 'memberships'])
      expect(segments.slice(5).map(decodeURIComponent)).toEqual([id])
      // What a router or a proxy that normalises a path would see is the same path.
      expect(new URL(server.last.url, 'http://h').pathname).toBe(server.last.url)
    }
    expect(server.requests).toHaveLength(sentIds.length)
    expect(sentIds.length).toBeGreaterThanOrEqual(200)
  })

  it('are refused before anything is sent where no segment can carry them', async () => {
    for (const userId of refusedIds) {
      const call = client.update({ organizationId: 'org_1', userId, role: 'org:admin' })
      expect(await rejectionOf(call)).toMatchObject({
        name: 'InvalidArgumentError',
        parameter: 'userId',
      })
    }
    expect(server.requests).toHaveLength(0)
    expect(refusedIds.length).toBeGreaterThan(5)
  })

  it('are looked up as themselves, never as an operator of the filter', async () => {
    server.otherwise((response, request) => {
      // Reads the filter as the API does: a sign in front is an operator, a blank there a + not encoded.
      const wanted = (request.query.get('user_id') ?? '').replace(/^[+ ]/, '')
      json(membershipsJSON([membershipJSON({ public_user_data: userJSON({ user_id: wanted }) })]))(
        response,
        request,
      )
    })
    for (const id of sentIds) {
      const membership = await client.get({ organizationId: 'org_1', userId: id })
      expect(membership?.publicUserData?.userId).toBe(id)
      expect(server.last.query.get('user_id')?.startsWith('-')).toBe(false)
    }
  })

  it('are checked in every place that takes an id', async () => {
    const ids = { organizationId: 'org_1', userId: 'user_1' }
    const wrongOrganization = [
      client.create({ ...ids, organizationId: '..', role: 'org:x' }),
      client.list({ organizationId: '' }),
      client.get({ ...ids, organizationId: '.' }),
      client.count({ organizationId: '.' }),
      client.update({ ...ids, organizationId: '', role: 'org:x' }),
      client.updateMetadata({ ...ids, organizationId: '..' }),
      client.delete({ ...ids, organizationId: '..' }),
    ]
    const wrongUser = [
      client.create({ ...ids, userId: '', role: 'org:x' }),
      client.get({ ...ids, userId: '..' }),
      client.update({ ...ids, userId: '.', role: 'org:x' }),
      client.updateMetadata({ ...ids, userId: '..' }),
      client.delete({ ...ids, userId: '' }),
      client.listForUser({ userId: '.' }),
    ]
    const errors = await Promise.all([...wrongOrganization, ...wrongUser].map(rejectionOf))
    expect(errors.every(isInvalidArgumentError)).toBe(true)
    expect(errors.map((error) => (error as InvalidArgumentError).parameter)).toEqual([
      ...wrongOrganization.map(() => 'organizationId'),
      ...wrongUser.map(() => 'userId'),
    ])
    expect(server.requests).toHaveLength(0)
  })
})
