import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type EmulatorEvent } from '../src/index.js'
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

  it('come twice and late where asked', async () => {
    await using receiver = await createReceiver(secret)
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, duplicate: true, delay: 20 },
    })
    await changeThings(emulator)
    await emulator.webhooks?.settled()
    expect(receiver.events.map(({ type }) => type)).toEqual(types.flatMap((type) => [type, type]))
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(4)
  })

  it('overtake each other where their delays differ', async () => {
    await using receiver = await createReceiver(secret)
    const delays = [150, 5, 75, 40]
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, delay: () => delays.shift() ?? 0 },
    })
    for (const key of ['a', 'b', 'c', 'd']) await emulator.createUser({ id: `user_${key}` })
    await emulator.webhooks?.settled()
    expect(receiver.events.map(({ userId }) => userId)).toEqual([
      'user_b',
      'user_d',
      'user_c',
      'user_a',
    ])
  })

  it('are mixed, as many at a time as asked', async () => {
    await using receiver = await createReceiver(secret)
    // Always 0: each event changes places with the first one.
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, reorder: 4, random: () => 0 },
    })
    const ids = Array.from({ length: 8 }, (_, index) => `user_${index}`)
    for (const id of ids) await emulator.createUser({ id })
    await emulator.webhooks?.settled()
    const order = receiver.events.map(({ userId }) => Number(userId?.slice('user_'.length)))
    expect(order).toEqual([1, 2, 3, 0, 5, 6, 7, 4])
  })

  it('go out after a second where too few come to be mixed', async () => {
    await using receiver = await createReceiver(secret)
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: { url: receiver.url, secret, reorder: 4 },
    })
    await emulator.createUser({ id: 'user_alone' })
    await emulator.webhooks?.settled()
    expect(receiver.events).toHaveLength(1)
  })

  it('are dropped and doubled by share or by choice', async () => {
    await using receiver = await createReceiver(secret)
    const chances = [0.4, 0.6, 0.6, 0.4]
    await using emulator = await createEmulator({
      seed: acme,
      webhooks: {
        url: receiver.url,
        secret,
        drop: 0.5,
        duplicate: ({ type }) => type === 'user.updated',
        random: () => chances.shift() ?? 1,
      },
    })
    await emulator.createUser({ id: 'user_dropped' })
    await emulator.createUser({ id: 'user_sent' })
    await emulator.updateUser('user_sent', { first_name: 'Sent' })
    await emulator.deleteUser('user_sent')
    await emulator.webhooks?.settled()
    expect(receiver.events.map(({ type, userId }) => [type, userId])).toEqual([
      ['user.created', 'user_sent'],
      ['user.updated', 'user_sent'],
      ['user.updated', 'user_sent'],
    ])
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
    [{ url: 'not a URL' }],
    [{ url: 'http://localhost', drop: 1.5 }],
    [{ url: 'http://localhost', duplicate: Number.NaN }],
    [{ url: 'http://localhost', delay: { min: 2, max: 1 } }],
    [{ url: 'http://localhost', reorder: 0 }],
  ])('refuse %j', async (webhooks) => {
    await expect(createEmulator({ webhooks })).rejects.toThrow(RangeError)
  })
})

describe('onEvent', () => {
  it('tells of each change as the webhook would, until it is ended', async () => {
    await using emulator = await createEmulator({ seed: acme })
    emulator.clock.set(1_800_000_000_000)
    const told: EmulatorEvent[] = []
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
    expect(told[2]?.data).toMatchObject({ private_metadata: { a: 1 } })
    expect(told[0]?.timestamp).toBe(1_800_000_000_000)
  })

  it('tells a copy', async () => {
    await using emulator = await createEmulator({ seed: acme })
    emulator.onEvent(({ type, data }) => {
      if (type !== 'organizationMembership.updated') return
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
