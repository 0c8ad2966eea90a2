import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type MembershipEvent } from '../src/index.js'
import { acme } from './acme.js'
import { call } from './call.js'
import { createReceiver } from './receiver.js'

const members = '/organizations/org_acme/memberships'
const secret = 'whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5'

async function changeThings(emulator: Emulator): Promise<void> {
  await call(emulator, 'POST', members, { body: { user_id: 'user_cleo', role: 'org:member' } })
  await call(emulator, 'PATCH', `${members}/user_cleo`, { body: { role: 'org:admin' } })
  await call(emulator, 'PATCH', `${members}/user_cleo/metadata`, {
    body: { private_metadata: { a: 1 } },
  })
  await call(emulator, 'DELETE', `${members}/user_cleo`)
}

const types = ['created', 'updated', 'updated', 'deleted'].map(
  (kind) => `organizationMembership.${kind}`,
)

describe('webhooks', () => {
  it('reach the app, in order, and the official client accepts them', async () => {
    await using receiver = await createReceiver(secret)
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret },
    })
    await changeThings(emulator)
    await emulator.webhooks?.settled()
    expect(receiver.refused).toEqual([])
    expect(receiver.events.map(({ type }) => type)).toEqual(types)
    expect(receiver.events.map(({ membersCount }) => membersCount)).toEqual([3, 3, 3, 2])
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(4)
    expect(receiver.events[0]?.id).toMatch(/^msg_[0-9A-Za-z]{27}$/)
  })

  it('are not accepted under another secret', async () => {
    await using receiver = await createReceiver('whsec_YW5vdGhlci1zZWNyZXQ=')
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, retries: [] },
    })
    await call(emulator, 'DELETE', `${members}/user_bob`)
    await emulator.webhooks?.settled()
    expect(receiver.refused).toHaveLength(1)
    expect(emulator.webhooks?.deliveries).toMatchObject([{ attempt: 1, status: 400 }])
  })

  it('are tried again under the same id until accepted, and given up after the last wait', async () => {
    await using receiver = await createReceiver(secret)
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, retries: [5, 5] },
    })
    receiver.failures = [500, 302]
    await call(emulator, 'DELETE', `${members}/user_bob`)
    await emulator.webhooks?.settled()
    const { deliveries = [] } = emulator.webhooks ?? {}
    expect(deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 302],
      [3, 204],
    ])
    expect(new Set(deliveries.map(({ id }) => id))).toEqual(new Set([receiver.events[0]?.id]))
    receiver.failures = [500, 500, 500, 500]
    await call(emulator, 'DELETE', `${members}/user_ada`)
    await emulator.webhooks?.settled()
    expect(receiver.events).toHaveLength(1)
    expect(deliveries).toHaveLength(6)
  })

  it('survive an app that is not there, and one that never answers', async () => {
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: 'http://127.0.0.1:1/', retries: [1] },
    })
    await call(emulator, 'DELETE', `${members}/user_bob`)
    await emulator.webhooks?.settled()
    expect(emulator.webhooks?.deliveries.map(({ status }) => status)).toEqual([null, null])

    await using silent = await createEmulator()
    silent.failNext({ fault: 'stall', times: Infinity })
    await using other = await createEmulator({
      seed: acme,
      webhooks: { url: silent.url, timeout: 20, retries: [] },
    })
    await call(other, 'DELETE', `${members}/user_bob`)
    await other.webhooks?.settled()
    expect(other.webhooks?.deliveries).toMatchObject([{ status: null }])
  })

  it('come twice, late and out of order on wish', async () => {
    await using receiver = await createReceiver(secret)
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, duplicate: true, outOfOrder: true, delay: 20 },
    })
    const start = Date.now()
    await changeThings(emulator)
    await emulator.webhooks?.settled()
    expect(Date.now() - start).toBeGreaterThanOrEqual(75)
    const [created, updated, updatedAgain, deleted] = types
    expect(receiver.events.map(({ type }) => type)).toEqual(
      [updated, created, deleted, updatedAgain].flatMap((type) => [type, type]),
    )
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(4)
  })

  it('send only the events asked for, and nothing after a refusal', async () => {
    await using receiver = await createReceiver(secret)
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, events: ['organizationMembership.deleted'] },
    })
    await call(emulator, 'DELETE', `${members}/user_nobody`)
    await changeThings(emulator)
    await emulator.webhooks?.settled()
    expect(receiver.events.map(({ type }) => type)).toEqual(['organizationMembership.deleted'])
  })

  it.each([
    [{ url: 'ftp://example.com' }],
    [{ url: 'http://localhost', secret: 'plain' }],
    [{ url: 'http://localhost', retries: [-1] }],
  ])('refuse %j', async (webhooks) => {
    await expect(createEmulator({ webhooks })).rejects.toThrow(RangeError)
  })
})

describe('onEvent', () => {
  it('tells of each change as the webhook would, until it is ended', async () => {
    await using emulator = await createEmulator({ seed: acme })
    emulator.clock.set(1_800_000_000_000)
    const told: MembershipEvent[] = []
    const end = emulator.onEvent((event) => told.push(event))
    await changeThings(emulator)
    end()
    await changeThings(emulator)
    expect(told.map(({ type }) => type)).toEqual(types)
    expect(told[0]).toMatchObject({
      object: 'event',
      instance_id: expect.stringMatching(/^ins_\w{27}$/) as string,
      event_attributes: { http_request: { client_ip: '127.0.0.1', user_agent: 'node' } },
    })
    expect(told[2]?.data.private_metadata).toEqual({ a: 1 })
    expect(told[0]?.timestamp).toBe(1_800_000_000_000)
  })

  it('tells a copy', async () => {
    await using emulator = await createEmulator({ seed: acme })
    emulator.onEvent(({ data }) => {
      data.public_metadata['team'] = 'changed by a listener'
      data.permissions.push('org:sys_everything')
    })
    const path = `${members}/user_bob/metadata`
    const { json } = await call(emulator, 'PATCH', path, { body: {} })
    expect(json.public_metadata).toEqual({ team: { name: 'red' } })
    expect((await call(emulator, 'PATCH', path, { body: {} })).json.permissions).toHaveLength(2)
  })

  it('outlives a listener that throws', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const warned = new Promise((resolve) => process.once('warning', resolve))
    emulator.onEvent(() => {
      throw new Error('a listener of the test')
    })
    expect((await call(emulator, 'DELETE', `${members}/user_bob`)).status).toBe(200)
    expect(String(await warned)).toContain('a listener of the test')
  })
})
