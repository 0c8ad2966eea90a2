import { PGlite } from '@electric-sql/pglite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fromPGlite } from '../../src/database/pglite.js'
import {
  migrate,
  type OrganizationChange,
  type OrganizationMembershipsMirror,
} from '../../src/index.js'
import { acme, ada, bob, openApp } from '../support/app.js'

const twoAdmins = {
  ...acme,
  organizations: [
    {
      id: 'org_acme',
      name: 'Acme',
      memberships: [
        { user_id: 'user_ada', role: 'org:admin' },
        { user_id: 'user_bob', role: 'org:admin' },
      ],
    },
  ],
}

/** The rule that this is for. */
async function demote(organization: OrganizationChange, userId: string): Promise<void> {
  const admins = await organization.membersWithRole('org:admin')
  const others = admins.filter(({ publicUserData }) => publicUserData?.userId !== userId)
  if (others.length === 0) throw new Error('the last admin')
  await organization.update({ userId, role: 'org:member' })
}

function demoteBoth(mirrors: readonly OrganizationMembershipsMirror[]): Promise<string[]> {
  const attempts = ['user_ada', 'user_bob'].map((userId, n) =>
    mirrors[n % mirrors.length]!.withOrganization('org_acme', (organization) =>
      demote(organization, userId),
    ).then(
      () => 'done',
      (error: Error) => error.message,
    ),
  )
  return Promise.all(attempts)
}

describe('withOrganization', () => {
  it('leaves the last admin, with two processes at once and lists that are behind', async () => {
    const { emulator, mirror, another, client } = await openApp({ seed: twoAdmins, settle: 300 })
    emulator.lag = 250
    const outcomes = await demoteBoth([mirror, another()])

    expect(outcomes.toSorted()).toEqual(['done', 'the last admin'])
    emulator.lag = 0
    expect(await client.count({ organizationId: 'org_acme', role: 'org:admin' })).toBe(1)
  })

  it('would lose both without it', async () => {
    const { mirror, another, client } = await openApp({ seed: twoAdmins })
    const check = async (app: OrganizationMembershipsMirror, userId: string) => {
      const admins = await client.count({ organizationId: 'org_acme', role: 'org:admin' })
      await vi.waitUntil(() => (waiting += 1) >= 2)
      if (admins > 1) await app.update({ organizationId: 'org_acme', userId, role: 'org:member' })
    }
    let waiting = 0
    await Promise.all([check(mirror, 'user_ada'), check(another(), 'user_bob')])

    expect(await client.count({ organizationId: 'org_acme', role: 'org:admin' })).toBe(0)
  })

  it('works where the database has one session', async () => {
    const pglite = await PGlite.create()
    onTestFinished(() => pglite.close())
    const database = fromPGlite(pglite)
    await migrate(database)
    const { another, client } = await openApp({ seed: twoAdmins })
    const options = { database, schema: undefined }
    const outcomes = await demoteBoth([another(options), another(options)])

    expect(outcomes.toSorted()).toEqual(['done', 'the last admin'])
    expect(await client.count({ organizationId: 'org_acme', role: 'org:admin' })).toBe(1)
  })

  it('does not count a member whom a write without a known outcome may still demote', async () => {
    const { emulator, mirror, another } = await openApp({ seed: twoAdmins })
    emulator.failNext({ route: 'update', fault: 'reset' })
    await expect(
      mirror.withOrganization('org_acme', (organization) => demote(organization, 'user_ada')),
    ).rejects.toMatchObject({ name: 'ConnectionError' })

    await expect(
      another().withOrganization('org_acme', (organization) => demote(organization, 'user_bob')),
    ).rejects.toThrow('the last admin')
  })

  it('sends nothing once the hold is lost', async () => {
    const { mirror, another, database, schema, client } = await openApp({ seed: twoAdmins })
    const paused = mirror.withOrganization('org_acme', async (organization) => {
      await organization.membersWithRole('org:admin')
      // As after a long pause of this process.
      await database.query(`update ${schema}.organizations set change_lease_until = 0`, [])
      await another().withOrganization('org_acme', (other) => demote(other, 'user_bob'))
      return organization.update({ userId: 'user_ada', role: 'org:member' })
    })

    await expect(paused).rejects.toMatchObject({ name: 'OrganizationChangeError', reason: 'lost' })
    expect(await client.get(ada)).toMatchObject({ role: 'org:admin' })
    expect(await client.get(bob)).toMatchObject({ role: 'org:member' })
  })

  it('gives up a change that takes too long, and one that waits too long', async () => {
    const { mirror, another } = await openApp()
    let begun = () => {}
    const running = new Promise<void>((resolve) => {
      begun = resolve
    })
    const stuck = mirror.withOrganization(
      'org_acme',
      ({ signal }) => {
        begun()
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        })
      },
      { timeout: 1500 },
    )
    await running
    const waiting = another().withOrganization('org_acme', async () => 'done', { timeout: 50 })
    const behind = mirror.withOrganization('org_acme', async () => 'done')

    await expect(waiting).rejects.toMatchObject({ reason: 'busy' })
    await expect(stuck).rejects.toMatchObject({ reason: 'timeout' })
    expect(await behind).toBe('done')
  })

  it('lets other organizations go on, and ends with the error of the change', async () => {
    const { mirror } = await openApp()
    const nested = mirror.withOrganization('org_acme', () =>
      mirror.withOrganization('org_else', () => Promise.reject(new Error('mine'))),
    )
    await expect(nested).rejects.toThrow('mine')
    expect(await mirror.withOrganization('org_acme', async () => 'free')).toBe('free')
  })
})
