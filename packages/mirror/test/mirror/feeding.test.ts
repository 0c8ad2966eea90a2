import { describe, expect, it, vi } from 'vitest'
import { acme, ada, bob, cid, crowd, openApp } from '../support/app.js'

describe('receive and refresh', () => {
  it('shows what an event is about, and only by reading it', async () => {
    const { client, mirror, deliver, requests } = await openApp()
    await mirror.reconcile()
    await client.update({ ...bob, role: 'org:admin' })
    await deliver()
    expect((await mirror.inspect(bob)).state).toBe('stale')
    requests()

    expect(await mirror.refresh()).toMatchObject({
      requests: 1,
      changed: 1,
      added: 0,
      removed: 0,
      errors: [],
    })
    expect(await mirror.get(bob)).toMatchObject({ role: 'org:admin' })
    expect(requests()).toBe(1)
  })

  it('takes old and doubled events in any order, and never brings a removed member back', async () => {
    const { client, mirror, events } = await openApp()
    await client.create({ ...cid, role: 'org:member' })
    await client.delete(cid)
    const [created, deleted] = events as [never, never]
    for (const event of [deleted, created, deleted, created]) await mirror.receive(event)
    await mirror.refresh()

    expect(await mirror.inspect(cid)).toMatchObject({ state: 'trusted', membership: null })
  })

  it('needs one request for a burst of an organization', async () => {
    const { emulator, client, mirror, deliver, requests } = await openApp({ seed: crowd(80) })
    await Promise.all(
      Array.from({ length: 80 }, (_, n) =>
        client.update({ organizationId: 'org_acme', userId: `user_${n}`, role: 'org:admin' }),
      ),
    )
    await deliver()
    requests()

    expect(await mirror.refresh()).toMatchObject({ requests: 1, added: 80 })
    expect(requests()).toBe(1)
    expect(emulator.requests.at(-1)).toMatchObject({ method: 'GET' })
  })

  it('ignores what is not about memberships, and refuses what says nothing', async () => {
    const { mirror } = await openApp()
    expect(await mirror.receive({ type: 'session.created', data: {} })).toBe('ignored')
    await expect(mirror.receive({ type: 'user.deleted', data: {} })).rejects.toThrow(
      'The event user.deleted has no data.id.',
    )
  })

  it('reads again after an outage, and believes nothing meanwhile', async () => {
    const { client, emulator, mirror, deliver, database, schema } = await openApp()
    await mirror.reconcile()
    await client.delete(bob)
    await deliver()
    emulator.failNext({ route: 'list', status: 500 })

    const report = await mirror.refresh()
    expect(report.errors).toHaveLength(1)
    expect((await mirror.inspect(bob)).state).toBe('stale')
    await database.query(`update ${schema}.memberships set due_at = 0`, [])
    expect(await mirror.refresh()).toMatchObject({ removed: 1, errors: [] })
  })

  it('reads once at once and once after the change has settled', async () => {
    const { client, emulator, mirror, deliver } = await openApp({ settle: 400 })
    await mirror.reconcile()
    emulator.lag = 300
    await client.update({ ...bob, role: 'org:admin' })
    await deliver()

    const report = await mirror.refresh()
    expect(report.requests).toBeGreaterThan(1)
    expect(await mirror.inspect(bob)).toMatchObject({
      state: 'trusted',
      membership: { role: 'org:admin' },
    })
  })
})

describe('organizations and users', () => {
  it('renews the name of an organization that is embedded in its members', async () => {
    const { emulator, mirror, deliver, requests } = await openApp()
    await mirror.reconcile()
    await emulator.updateOrganization('org_acme', { name: 'Apex' })
    await deliver()
    expect((await mirror.inspect(bob)).state).toBe('stale')
    requests()

    await mirror.refresh()
    expect(requests()).toBe(1)
    expect(await mirror.get(bob)).toMatchObject({ organization: { name: 'Apex', membersCount: 2 } })
    expect(requests()).toBe(0)
  })

  it('is not misled by an update that comes after the deletion', async () => {
    const { emulator, mirror, events } = await openApp()
    await mirror.reconcile()
    await emulator.updateOrganization('org_acme', { name: 'Apex' })
    await emulator.deleteOrganization('org_acme')
    for (const event of events.toReversed()) await mirror.receive(event)
    await mirror.refresh()
    await mirror.refresh()

    expect(await mirror.inspect(ada)).toMatchObject({ state: 'trusted', membership: null })
    expect(await mirror.refresh()).toMatchObject({ requests: 0 })
  })

  it('renews the names of a user', async () => {
    const { emulator, mirror, deliver } = await openApp()
    await mirror.reconcile()
    await emulator.updateUser('user_bob', { first_name: 'Robert' })
    await deliver()
    await mirror.refresh()

    expect(await mirror.get(bob)).toMatchObject({ publicUserData: { firstName: 'Robert' } })
  })

  it('removes the members of a deleted organization', async () => {
    const { emulator, mirror, deliver } = await openApp()
    await mirror.reconcile()
    await emulator.deleteOrganization('org_acme')
    await deliver()
    const report = await mirror.refresh()

    expect(report.errors).toEqual([])
    expect(await mirror.inspect(ada)).toMatchObject({ state: 'trusted', membership: null })
    expect(await mirror.inspect(bob)).toMatchObject({ state: 'trusted', membership: null })
    await expect(mirror.list({ organizationId: 'org_acme' })).rejects.toMatchObject({ status: 404 })
  })

  it('forgets the names and addresses of a deleted user', async () => {
    const { emulator, mirror, deliver, database, schema } = await openApp()
    await mirror.reconcile()
    await emulator.deleteUser('user_bob')
    await deliver()
    await mirror.refresh()

    const { rows } = await database.query(
      `select coalesce(string_agg(m::text, ''), '') || (select string_agg(c::text, '') from ${schema}.changes c) as everything from ${schema}.memberships m`,
      [],
    )
    expect(rows[0]?.everything).not.toMatch(/Bob|bob@example/)
    expect(rows[0]?.everything).toMatch(/Ada/)
  })

  it('does not believe that an organization is gone because a key does not find it', async () => {
    const { emulator, mirror, client, deliver, errors } = await openApp()
    await mirror.reconcile()
    await client.update({ ...bob, role: 'org:admin' })
    await deliver()
    // As another instance would: it knows neither the organization nor its members.
    await emulator.seed({ users: [], organizations: [] })

    const report = await mirror.refresh()
    expect(report).toMatchObject({ removed: 0 })
    expect(String(report.errors[0])).toContain("is the client's key of the right instance?")
    await expect(mirror.reconcile({ organizationId: 'org_acme' })).rejects.toMatchObject({
      name: 'UnconfirmedRemovalError',
    })
    expect(await mirror.inspect(ada)).toMatchObject({ membership: { role: 'org:admin' } })
    expect(errors).toEqual([])
  })

  it('does not mix another instance into its tables', async () => {
    const { emulator, mirror, database, schema } = await openApp()
    await mirror.reconcile()
    await emulator.seed(crowd(5))

    await expect(mirror.reconcile()).rejects.toThrow("is the client's key of the right instance?")
    const { rows } = await database.query(
      `select user_id from ${schema}.memberships where user_id like 'user\\__'`,
      [],
    )
    expect(rows).toEqual([])
    expect(await mirror.inspect(ada)).toMatchObject({ membership: { role: 'org:admin' } })
    expect(await mirror.reconcile({ allowRemovals: true })).toMatchObject({ added: 5 })
  })

  it('believes it where somebody who was a member has no such membership', async () => {
    const { emulator, mirror, deliver, client } = await openApp()
    await mirror.reconcile()
    await client.update({ ...bob, role: 'org:admin' })
    await deliver()
    // The event of the deletion is lost.
    await emulator.seed({ ...acme, organizations: [acme.organizations![1]!] })

    await mirror.reconcile({ organizationId: 'org_acme' })
    expect(await mirror.inspect(ada)).toMatchObject({ state: 'trusted', membership: null })
  })

  it('refuses events of another instance', async () => {
    const { mirror, another, events, client } = await openApp()
    await client.update({ ...bob, role: 'org:admin' })
    const event = events[0]!
    await mirror.receive({ ...event, instance_id: 'ins_1' })

    await expect(mirror.receive({ ...event, instance_id: 'ins_2' })).rejects.toMatchObject({
      name: 'InstanceMismatchError',
      expected: 'ins_1',
      received: 'ins_2',
    })
    await expect(another({ instanceId: 'ins_2' }).get(bob)).rejects.toMatchObject({
      name: 'InstanceMismatchError',
    })
  })
})

describe('reconcile', () => {
  it('copies an instance, and reports what it did', async () => {
    const { mirror, requests } = await openApp()
    expect(await mirror.reconcile()).toEqual({
      requests: 1,
      added: 3,
      changed: 0,
      removed: 0,
      errors: [],
    })
    requests()
    expect(await mirror.reconcile()).toMatchObject({
      requests: 1,
      added: 0,
      changed: 0,
      removed: 0,
    })

    expect(await mirror.list({ organizationId: 'org_acme' })).toMatchObject({ totalCount: 2 })
    expect(await mirror.listForUser({ userId: 'user_bob' })).toMatchObject({ totalCount: 2 })
    expect(requests()).toBe(1)
  })

  it('finds what no event told', async () => {
    const { client, mirror } = await openApp()
    await mirror.reconcile()
    await client.create({ ...cid, role: 'org:member' })
    await client.update({ ...ada, role: 'org:member' })
    await client.delete(bob)

    const report = await mirror.reconcile({ organizationId: 'org_acme' })
    expect(report).toMatchObject({ added: 1, changed: 1, removed: 1 })
    expect(await mirror.inspect(bob)).toMatchObject({ state: 'trusted', membership: null })
  })

  it('does not remove half of an organization on the word of a list', async () => {
    const { emulator, mirror } = await openApp({ seed: crowd(40) })
    await mirror.reconcile()
    await emulator.seed({ ...crowd(40), organizations: crowd(20).organizations! })

    await expect(mirror.reconcile()).rejects.toThrow('20 of 40 members of org_acme')
    expect(await mirror.inspect({ organizationId: 'org_acme', userId: 'user_30' })).toMatchObject({
      membership: { role: 'org:member' },
    })
    const report = await mirror.reconcile({ organizationId: 'org_acme', allowRemovals: true })
    expect(report.removed).toBe(20)
    expect(await mirror.count({ organizationId: 'org_acme' })).toBe(20)
  })

  it('finds what no event told, after a process died in the first page of another', async () => {
    const { client, mirror, database, schema, deliver } = await openApp()
    await mirror.reconcile()
    // What the dead one leaves, once its lease is over.
    const dead = `update ${schema}.mirror_state set reconcile_version = nextval('${schema}.versions'),
      reconcile_started_at = (date_part('epoch', clock_timestamp()) * 1000)::bigint`
    await database.query(dead, [])
    // Read since: both rows are newer than the start of that walk.
    await client.update({ ...bob, role: 'org:admin' })
    await deliver()
    expect(await mirror.get(bob)).toMatchObject({ role: 'org:admin' })
    expect(await mirror.get(cid)).toBeNull()
    await client.delete(bob)
    await client.create({ ...cid, role: 'org:member' })

    expect(await mirror.reconcile()).toMatchObject({ added: 1, removed: 1 })
    expect(await mirror.inspect(bob)).toMatchObject({ membership: null })
    expect(await mirror.inspect(cid)).toMatchObject({ membership: { role: 'org:member' } })
  })

  it('walks over many pages while members come and go, and goes on where it was left', async () => {
    const { emulator, client, mirror, requests, database, schema } = await openApp({
      seed: crowd(1600),
    })
    const abort = new AbortController()
    const at = vi.waitUntil(() => emulator.requests.length >= 2, { timeout: 30_000, interval: 1 })
    const left = mirror.reconcile({ signal: abort.signal })
    await at
    abort.abort(new Error('deployed'))
    await expect(left).rejects.toThrow('deployed')
    const { rows } = await database.query(
      `select reconcile_progress ->> 'offset' as place from ${schema}.mirror_state`,
      [],
    )
    expect(Number(rows[0]!.place)).toBeGreaterThan(0)
    await client.delete({ organizationId: 'org_acme', userId: 'user_3' })
    requests()

    const report = await mirror.reconcile()
    expect(report.requests).toBeLessThan(4)
    // It had been seen before it was removed: that is for the next one.
    expect(await mirror.reconcile()).toMatchObject({ added: 0, removed: 1 })
    expect(await mirror.count({ organizationId: 'org_acme' })).toBe(1599)
  })
})
