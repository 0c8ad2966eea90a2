import { describe, expect, it, vi } from 'vitest'
import type { Database } from '../../src/index.js'
import { ada, bob, cid, openApp } from '../support/app.js'

describe('get', () => {
  it('asks nothing while rows are trusted', async () => {
    const { mirror, client, requests } = await openApp({ privateMetadata: true })
    await mirror.reconcile()
    requests()

    expect(await mirror.get(ada)).toEqual(await client.get(ada))
    expect(requests()).toBe(1)
    expect(await mirror.get(ada)).toMatchObject({ role: 'org:admin' })
    expect(await mirror.get({ ...cid })).toBeNull()
    expect(await mirror.get({ ...cid })).toBeNull()
    // Of a user whom nobody knew the API was asked, once.
    expect(requests()).toBe(1)
  })

  it('asks the API about a stale row, and cleans it by that', async () => {
    const { mirror, client, deliver, requests } = await openApp()
    await mirror.reconcile()
    await client.delete(bob)
    await deliver()
    requests()

    expect(await mirror.get(bob)).toBeNull()
    expect(await mirror.get(bob)).toBeNull()
    expect(requests()).toBe(1)
  })

  it('fails as the client does while the API is down and the row is stale', async () => {
    const { mirror, client, deliver, emulator } = await openApp()
    await mirror.reconcile()
    await client.delete(bob)
    await deliver()
    emulator.failNext({ route: 'list', status: 503 })

    await expect(mirror.get(bob)).rejects.toMatchObject({ status: 503 })
  })

  it('renews the trust in a whole organization by one request', async () => {
    const { mirror, requests, age } = await openApp()
    await mirror.reconcile()
    await age(60_001)
    expect((await mirror.inspect(ada)).state).toBe('old')
    requests()

    const answers = await Promise.all([mirror.get(ada), mirror.get(bob), mirror.get(ada)])
    expect(answers).toMatchObject([
      { role: 'org:admin' },
      { role: 'org:member' },
      { role: 'org:admin' },
    ])
    expect(requests()).toBe(1)
  })

  it('finds a removal whose event never came, once the trust has ended', async () => {
    const { mirror, client, age } = await openApp()
    await mirror.reconcile()
    await client.delete(bob)
    await age(60_001)

    expect(await mirror.get(bob)).toBeNull()
    // The difference started a reconcile, which is for the worker.
    mirror.start()
    await vi.waitUntil(async () => (await mirror.count({ organizationId: 'org_acme' })) === 1)
  })

  it('says what is wrong with an id, and sends nothing', async () => {
    const { mirror, requests } = await openApp()
    await expect(mirror.get({ organizationId: '..', userId: 'user_ada' })).rejects.toMatchObject({
      parameter: 'organizationId',
    })
    await expect(mirror.get({ organizationId: 'org_acme' } as never)).rejects.toMatchObject({
      parameter: 'userId',
    })
    expect(requests()).toBe(0)
  })
})

describe('writes through the mirror', () => {
  it('answer as the client does, and are in the rows and the feed', async () => {
    const { mirror, requests } = await openApp()
    await mirror.reconcile()
    requests()
    const created = await mirror.create({ ...cid, role: 'org:member' }, { actor: 'user_ada' })
    const updated = await mirror.update({ ...cid, role: 'org:admin' }, { actor: 'user_ada' })
    await mirror.updateMetadata({ ...cid, publicMetadata: { team: 'red' } })
    const deleted = await mirror.delete({ ...cid })

    expect(created).toMatchObject({ role: 'org:member', organization: { id: 'org_acme' } })
    expect(updated.role).toBe('org:admin')
    expect(deleted.publicMetadata).toEqual({ team: 'red' })
    expect(requests()).toBe(4)
    expect(await mirror.get(cid)).toBeNull()
    expect(requests()).toBe(0)
    const feed = []
    for await (const change of mirror.changes({ after: 3 })) {
      feed.push(change)
      if (feed.length === 4) break
    }
    expect(feed).toMatchObject([
      { number: 4, kind: 'created', source: 'write', actor: 'user_ada', before: null },
      {
        number: 5,
        kind: 'updated',
        actor: 'user_ada',
        before: { role: 'org:member' },
        after: { role: 'org:admin' },
      },
      { number: 6, kind: 'updated', actor: undefined },
      { number: 7, kind: 'deleted', after: null },
    ])
  })

  it('are believed at once, though lists of the API are behind', async () => {
    const { mirror, emulator, deliver, requests } = await openApp({ settle: 1000 })
    await mirror.reconcile()
    emulator.lag = 900
    requests()
    await mirror.delete(bob)
    expect(requests()).toBe(1)
    expect(await mirror.get(bob)).toBeNull()
    expect(requests()).toBe(0)

    // The event of our own change: something may have happened since, so the API is asked, until it cannot be behind.
    await deliver()
    expect(await mirror.get(bob)).toBeNull()
    await mirror.refresh()
    expect(await mirror.inspect(bob)).toMatchObject({ state: 'trusted', membership: null })
  })

  it('that the API refuses leave the row to one read', async () => {
    const { mirror, requests } = await openApp()
    await mirror.reconcile()
    await expect(mirror.create({ ...bob, role: 'org:member' })).rejects.toMatchObject({
      code: 'already_a_member_in_organization',
    })
    requests()

    expect(await mirror.get(bob)).toMatchObject({ role: 'org:member' })
    expect(await mirror.get(bob)).toMatchObject({ role: 'org:member' })
    expect(requests()).toBe(1)
  })

  it('whose answer is lost are not believed until they cannot act any more', async () => {
    const { mirror, emulator } = await openApp({ hold: 300 })
    await mirror.reconcile()
    emulator.failNext({ route: 'update', fault: 'reset', applied: true })
    await expect(mirror.update({ ...bob, role: 'org:admin' })).rejects.toMatchObject({
      name: 'ConnectionError',
    })

    expect(await mirror.get(bob)).toMatchObject({ role: 'org:admin' })
    expect(await mirror.inspect(bob)).toMatchObject({
      state: 'stale',
      membership: { role: 'org:admin' },
    })
    await vi.waitFor(async () => {
      await mirror.get(bob)
      expect((await mirror.inspect(bob)).state).toBe('trusted')
    })
  })

  it('refuse what is wrong with the arguments before anything is sent or stored', async () => {
    const { mirror, requests } = await openApp()
    await expect(mirror.update({ ...bob } as never)).rejects.toMatchObject({ parameter: 'role' })
    await expect(mirror.delete(undefined as never)).rejects.toMatchObject({
      parameter: 'organizationId',
    })
    expect(requests()).toBe(0)
  })
})

describe('the worker', () => {
  it('keeps the rows true by itself, in two processes at once', async () => {
    const { mirror, another, client, emulator, errors } = await openApp()
    const second = another()
    emulator.onEvent((event) => void second.receive(event))
    mirror.start()
    second.start()
    mirror.start()
    await vi.waitUntil(async () => (await mirror.inspect(ada)).state === 'trusted', {
      timeout: 20_000,
    })
    await client.update({ ...bob, role: 'org:admin' })
    await client.create({ ...cid, role: 'org:member' })
    await client.delete(ada)

    await vi.waitFor(
      async () => {
        expect(await mirror.inspect(ada)).toMatchObject({ state: 'trusted', membership: null })
        expect(await mirror.inspect(bob)).toMatchObject({
          state: 'trusted',
          membership: { role: 'org:admin' },
        })
        expect(await mirror.inspect(cid)).toMatchObject({
          state: 'trusted',
          membership: { role: 'org:member' },
        })
      },
      { timeout: 20_000 },
    )
    await Promise.all([mirror.stop(), second.stop()])
    await mirror.stop()
    expect(errors).toEqual([])
  })

  it('lists a new organization whole', async () => {
    const { mirror, emulator } = await openApp()
    emulator.onEvent((event) => void mirror.receive(event))
    mirror.start()
    await vi.waitUntil(async () => (await mirror.inspect(ada)).state === 'trusted', {
      timeout: 20_000,
    })
    await emulator.createOrganization({
      id: 'org_new',
      name: 'New',
      memberships: [{ user_id: 'user_ada', role: 'org:admin' }],
    })

    const strict = async () => {
      const before = emulator.requests.length
      await mirror.list({ organizationId: 'org_new' })
      return emulator.requests.length === before
    }
    await vi.waitUntil(strict, { timeout: 20_000 })
    expect(await mirror.count({ organizationId: 'org_new' })).toBe(1)
  })

  it('goes on after the API was away', async () => {
    const { emulator, client, mirror, errors, deliver } = await openApp()
    await mirror.reconcile()
    emulator.failNext({ route: 'list', status: 500 })
    await client.update({ ...bob, role: 'org:admin' })
    await deliver()
    mirror.start()

    await vi.waitFor(
      async () =>
        expect(await mirror.inspect(bob)).toMatchObject({ membership: { role: 'org:admin' } }),
      { timeout: 20_000 },
    )
    expect(errors).toHaveLength(1)
  })

  it('goes on after the database was away, and says so meanwhile', async () => {
    const { another, client, events, database, errors } = await openApp()
    const network = { broken: false }
    const failing: Database = {
      ...database,
      query: (text, values) =>
        network.broken
          ? Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))
          : database.query(text, values),
    }
    const mirror = another({ database: failing })
    mirror.start()
    await vi.waitUntil(async () => (await mirror.inspect(bob)).state === 'trusted', {
      timeout: 20_000,
    })
    network.broken = true
    await client.update({ ...bob, role: 'org:admin' })
    const event = events.at(-1)!
    await expect(mirror.receive(event)).rejects.toMatchObject({ name: 'DatabaseError' })
    await expect(mirror.get(bob)).rejects.toMatchObject({ name: 'DatabaseError' })
    await expect(mirror.update({ ...bob, role: 'org:member' })).rejects.toMatchObject({
      name: 'DatabaseError',
    })
    // Nothing was sent, since its row could not be marked.
    expect(await client.get(bob)).toMatchObject({ role: 'org:admin' })
    await vi.waitUntil(() => errors.length > 0, { timeout: 20_000 })

    network.broken = false
    // As Clerk sends it again.
    await mirror.receive(event)
    await vi.waitFor(
      async () =>
        expect(await mirror.inspect(bob)).toMatchObject({
          state: 'trusted',
          membership: { role: 'org:admin' },
        }),
      { timeout: 40_000 },
    )
  })

  it('renews the trust in organizations that are asked about before it ends', async () => {
    const { mirror, emulator } = await openApp({ trustFor: 2000 })
    mirror.start()
    await vi.waitUntil(async () => (await mirror.inspect(ada)).state !== 'unknown', {
      timeout: 20_000,
    })
    await mirror.get(ada)
    await mirror.get(bob)
    await vi.waitUntil(
      async () => {
        const { age: read = 0, checkedAge = 0 } = await mirror.inspect(bob)
        return read > checkedAge
      },
      { timeout: 20_000 },
    )
    // Nobody asks about the other one.
    expect(emulator.requests.some(({ path }) => path.includes('org_else'))).toBe(false)
  })
})

describe('tables that are not there', () => {
  it('are said to be missing, by every method', async () => {
    const { another, errors } = await openApp()
    const mirror = another({ schema: 'nowhere' })
    await expect(mirror.get(ada)).rejects.toMatchObject({ name: 'SchemaError', reason: 'missing' })
    await expect(
      mirror.receive({ type: 'user.deleted', data: { id: 'user_ada' } }),
    ).rejects.toMatchObject({
      reason: 'missing',
    })
    mirror.start()
    const next = mirror.changes()[Symbol.asyncIterator]().next()
    await expect(next).rejects.toMatchObject({ reason: 'missing' })
    // Once, though several tasks of the worker fail by it.
    await vi.waitUntil(() => errors.length > 0)
    expect(errors).toMatchObject([{ name: 'SchemaError', reason: 'missing' }])
  })
})
