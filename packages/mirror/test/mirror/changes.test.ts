import { describe, expect, it, vi } from 'vitest'
import type { Database } from '../../src/database/database.js'
import type { MembershipChange, OrganizationMembershipsMirror } from '../../src/index.js'
import { ada, cid, openApp } from '../support/app.js'

/** Follows in the background. */
function follow(mirror: OrganizationMembershipsMirror, after?: number) {
  const abort = new AbortController()
  const changes: MembershipChange[] = []
  const reading = async () => {
    for await (const change of mirror.changes({ after, signal: abort.signal })) changes.push(change)
  }
  const ended = reading().catch((error: unknown) => error)
  const stop = () => {
    abort.abort(new Error('enough'))
    return ended
  }
  return { changes, stop }
}

describe('changes', () => {
  it('come while they happen, from a number on or from now on', async () => {
    const { mirror } = await openApp()
    await mirror.reconcile()
    const all = follow(mirror, 0)
    const fromNow = follow(mirror)
    await vi.waitUntil(() => all.changes.length === 3)
    // It has to have begun before something happens that it is to see.
    await mirror.create({ ...cid, role: 'org:member' }, { actor: 'user_ada' })
    await vi.waitUntil(() => all.changes.length === 4, { timeout: 15_000 })
    await mirror.delete(cid)
    await vi.waitUntil(() => all.changes.length === 5 && fromNow.changes.at(-1)?.number === 5, {
      timeout: 15_000,
    })

    expect(all.changes.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    expect(all.changes[3]).toMatchObject({
      kind: 'created',
      organizationId: 'org_acme',
      userId: 'user_cid',
      before: null,
      after: { role: 'org:member' },
      source: 'write',
      actor: 'user_ada',
    })
    expect(fromNow.changes.at(-1)).toMatchObject({ number: 5, kind: 'deleted', actor: undefined })
    expect(await all.stop()).toMatchObject({ message: 'enough' })
    expect(await fromNow.stop()).toMatchObject({ message: 'enough' })
  })

  it('come by polling where the driver cannot listen', async () => {
    const { another, database } = await openApp()
    const { listen: _, ...mute } = database
    const mirror = another({ database: mute satisfies Database })
    const all = follow(mirror, 0)
    await mirror.reconcile()
    await vi.waitUntil(() => all.changes.length === 3, { timeout: 15_000 })
    expect(await all.stop()).toMatchObject({ message: 'enough' })
  })

  it('that are no longer kept are said to be missing', async () => {
    const { another, database, schema } = await openApp()
    const mirror = another({ keepChangesFor: 3_600_000 })
    await mirror.reconcile()
    await database.query(
      `update ${schema}.changes set at = at - 3600001 where changes.number < 3`,
      [],
    )
    await mirror.reconcile()

    const behind = mirror.changes({ after: 1 })[Symbol.asyncIterator]().next()
    await expect(behind).rejects.toMatchObject({ name: 'ChangesPrunedError', after: 1, pruned: 2 })
    const { value } = await mirror.changes({ after: 2 })[Symbol.asyncIterator]().next()
    expect(value).toMatchObject({ number: 3 })
    const first = await mirror.changes({ after: 0 })[Symbol.asyncIterator]().next()
    expect(first.value).toMatchObject({ number: 3 })
  })

  it('refuse a number that is none', async () => {
    const { mirror } = await openApp()
    expect(() => mirror.changes({ after: -1 })).toThrow('after is the number of a change')
  })
})

describe('rows of those who are no members', () => {
  it('are taken away after an hour, and a read from before does not bring the member back', async () => {
    const { mirror, client, emulator, deliver, database, schema, age } = await openApp()
    await mirror.reconcile()
    await age(60_001)
    await database.query(`update ${schema}.organizations set listed_version = null`, [])
    // A read that begins now, and whose answer comes very late.
    const hold = emulator.hold({ route: 'list', when: 'after', times: 1 })
    const late = mirror.get(ada)
    await hold.arrived()
    await client.delete(ada)
    await deliver()
    await mirror.refresh()
    expect(await mirror.inspect(ada)).toMatchObject({ state: 'trusted', membership: null })
    await age(3_600_001)
    await mirror.reconcile()
    expect((await mirror.inspect(ada)).state).toBe('unknown')
    hold.release()

    expect(await late).toMatchObject({ role: 'org:admin' })
    expect(await mirror.inspect(ada)).toMatchObject({ state: 'stale', membership: null })
    await mirror.refresh()
    expect(await mirror.inspect(ada)).toMatchObject({ state: 'trusted', membership: null })
  })
})
