import { describe, expect, it } from 'vitest'
import { createEmulator, type Seed } from '../../src/index.js'
import { secondsOf } from '../../src/store/ksuid.js'
import { acme } from '../acme.js'
import { call } from '../call.js'

const members = '/organizations/org_acme/memberships'
const systemPermissions = [
  'org:sys_profile:manage',
  'org:sys_profile:delete',
  'org:sys_memberships:read',
  'org:sys_memberships:manage',
  'org:sys_domains:read',
  'org:sys_domains:manage',
  'org:sys_billing:read',
  'org:sys_billing:manage',
  'org:sys_entconns:manage',
]
const cleo = { user_id: 'user_cleo', role: 'org:member' }
const codeOf = ({ json }: Awaited<ReturnType<typeof call>>) => json.errors?.[0]?.code

/** A seed with `count` users and a full or nearly full organization. */
function limited(maximum: number, invitations: number, memberCount: number): Seed {
  const users = Array.from({ length: 30 }, (_, index) => ({ id: `user_${index}` }))
  return {
    users,
    organizations: [
      {
        id: 'org_acme',
        max_allowed_memberships: maximum,
        pending_invitations_count: invitations,
        memberships: users
          .slice(0, memberCount)
          .map(({ id }) => ({ user_id: id, role: 'org:member' })),
      },
    ],
  }
}

describe('roles', () => {
  it('8: an admin holds every system permission, a member two', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const { json } = await call(emulator, 'GET', `${members}?order_by=%2Bcreated_at`)
    expect(json.data[0]).toMatchObject({ role_name: 'Admin', permissions: systemPermissions })
    expect(json.data[1]).toMatchObject({
      role_name: 'Member',
      permissions: ['org:sys_memberships:read', 'org:sys_billing:read'],
    })
  })

  it('8: a seed adds roles, and limits an organization to some', async () => {
    await using emulator = await createEmulator({
      seed: {
        ...acme,
        roles: [{ key: 'org:billing_manager', permissions: ['org:invoices:manage'] }],
        organizations: [
          ...(acme.organizations ?? []),
          { id: 'org_small', roles: ['org:member'], memberships: [] },
        ],
      },
    })
    const made = await call(emulator, 'POST', members, {
      body: { user_id: 'user_cleo', role: 'org:billing_manager' },
    })
    expect(made.json).toMatchObject({
      role: 'org:billing_manager',
      role_name: 'Billing manager',
      permissions: ['org:invoices:manage'],
    })
    const refused = await call(emulator, 'POST', '/organizations/org_small/memberships', {
      body: { user_id: 'user_cleo', role: 'org:billing_manager' },
    })
    expect([refused.status, codeOf(refused)]).toEqual([404, 'resource_not_found'])
  })

  it('8: setting the role a member has is fine, and moves updated_at', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const update = () =>
      call(emulator, 'PATCH', `${members}/user_bob`, { body: { role: 'org:member' } })
    const first = await update()
    expect(first.status).toBe(200)
    expect((await update()).json.updated_at).toBeGreaterThan(first.json.updated_at)
  })

  it('7: what a directory manages is changed there', async () => {
    const [organization] = acme.organizations ?? []
    await using emulator = await createEmulator({
      seed: {
        ...acme,
        organizations: [
          {
            ...organization,
            id: 'org_acme',
            memberships: [{ user_id: 'user_bob', role: 'org:admin', managed_by_scim: true }],
          },
        ],
      },
    })
    const path = `${members}/user_bob`
    const changed = await call(emulator, 'PATCH', path, { body: { role: 'org:member' } })
    const removed = await call(emulator, 'DELETE', path)
    for (const { status, json } of [changed, removed]) {
      expect([status, json.errors[0]?.code]).toEqual([
        409,
        'organization_membership_managed_by_scim',
      ])
    }
    const patched = await call(emulator, 'PATCH', `${path}/metadata`, { body: {} })
    expect(patched.json).toMatchObject({ role: 'org:admin', role_name: 'Admin' })
    expect(patched.text).not.toContain('managed_by_scim')
  })

  it('16: a role without permissions may answer null', async () => {
    await using emulator = await createEmulator({
      seed: {
        users: [{ id: 'user_1' }, { id: 'user_2' }],
        roles: [{ key: 'org:none' }, { key: 'org:null', permissions: null }],
        organizations: [
          {
            id: 'org_1',
            memberships: [
              { user_id: 'user_1', role: 'org:none' },
              { user_id: 'user_2', role: 'org:null' },
            ],
          },
        ],
      },
    })
    const { json } = await call(emulator, 'GET', '/organizations/org_1/memberships')
    expect(json.data.map(({ permissions }) => permissions)).toEqual([null, []])
  })
})

describe('the last admin', () => {
  const demote = { method: 'PATCH', body: { role: 'org:member' } }
  const remove = { method: 'DELETE' }
  it.each([
    ['by-version', '2021-02-05', 400],
    ['by-version', '2024-10-01', 200],
    ['by-version', '2026-05-12', 200],
    ['always', '2026-05-12', 400],
    ['never', '2021-02-05', 200],
  ] as const)('8: rule %s, version %s: %i', async (lastAdminRule, version, status) => {
    await using emulator = await createEmulator({ seed: acme, lastAdminRule })
    for (const { method, ...init } of [demote, remove]) {
      await emulator.reset()
      const called = await call(emulator, method, `${members}/user_ada`, {
        ...init,
        headers: { 'Clerk-API-Version': version },
      })
      expect(called.status).toBe(status)
      expect(codeOf(called)).toBe(
        status === 400 ? 'organization_minimum_permissions_needed' : undefined,
      )
    }
  })

  it('8: applies without a version, and not while there is another one', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const send = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${emulator.url}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${emulator.secretKey}`,
          'Content-Type': 'application/json',
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      return response.status
    }
    expect(await send('DELETE', `${members}/user_ada`)).toBe(400)
    expect(await send('PATCH', `${members}/user_bob`, { role: 'org:admin' })).toBe(200)
    expect(await send('PATCH', `${members}/user_bob`, { role: 'org:admin' })).toBe(200)
    expect(await send('DELETE', `${members}/user_ada`)).toBe(200)
    expect(await send('PATCH', `${members}/user_bob`, { role: 'org:member' })).toBe(400)
  })

  it('4: the organization says when nobody is left', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const flag = (called: Awaited<ReturnType<typeof call>>) =>
      called.json.organization.missing_member_with_elevated_permissions
    const role = (userId: string, key: string) =>
      call(emulator, 'PATCH', `${members}/${userId}`, { body: { role: key } })
    expect(flag(await role('user_bob', 'org:member'))).toBe(false)
    expect(flag(await role('user_ada', 'org:member'))).toBe(true)
    expect(flag(await role('user_bob', 'org:admin'))).toBe(false)
    expect(flag(await call(emulator, 'DELETE', `${members}/user_bob`))).toBe(true)
  })
})

describe('quota and uniqueness', () => {
  it.each([
    [0, 0, 25, 200],
    [5, 0, 4, 200],
    [5, 0, 5, 403],
    [5, 2, 2, 200],
    [5, 2, 3, 403],
    [2, 0, 9, 403],
  ])(
    '8: maximum %i, %i invitations, %i members: %i',
    async (maximum, invitations, count, status) => {
      await using emulator = await createEmulator({ seed: limited(maximum, invitations, count) })
      const body = { user_id: 'user_29', role: 'org:member' }
      const called = await call(emulator, 'POST', members, { body })
      expect(called.status).toBe(status)
      expect(called.json.errors?.[0]?.long_message).toBe(
        status === 200
          ? undefined
          : `You have reached your limit of ${maximum} organization memberships, including outstanding invitations.`,
      )
    },
  )

  it('8: hold under parallel requests', async () => {
    await using emulator = await createEmulator({ seed: limited(10, 3, 2) })
    const add = (userId: string) =>
      call(emulator, 'POST', members, { body: { user_id: userId, role: 'org:member' } })
    const same = await Promise.all(Array.from({ length: 20 }, () => add('user_5')))
    expect(same.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(
      same.filter((called) => codeOf(called) === 'already_a_member_in_organization'),
    ).toHaveLength(19)
    const many = await Promise.all(
      Array.from({ length: 20 }, (_, index) => add(`user_${index + 6}`)),
    )
    expect(many.filter(({ status }) => status === 200)).toHaveLength(4)
    expect((await call(emulator, 'GET', members)).json.total_count).toBe(7)
  })

  it('8: of two parallel removals of the last two admins one is refused', async () => {
    await using emulator = await createEmulator({ seed: acme, lastAdminRule: 'always' })
    await call(emulator, 'PATCH', `${members}/user_bob`, { body: { role: 'org:admin' } })
    const both = await Promise.all(
      ['user_ada', 'user_bob'].map((id) => call(emulator, 'DELETE', `${members}/${id}`)),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 400])
  })

  it('7: exclusive membership, and no personal accounts, where the instance says so', async () => {
    const seed: Seed = {
      ...acme,
      organizations: [...(acme.organizations ?? []), { id: 'org_other' }],
    }
    await using emulator = await createEmulator({
      seed,
      exclusiveMembership: true,
      personalAccounts: false,
    })
    const body = { user_id: 'user_bob', role: 'org:member' }
    const second = await call(emulator, 'POST', '/organizations/org_other/memberships', { body })
    expect([second.status, codeOf(second)]).toEqual([422, 'exclusive_organization_membership'])
    const last = await call(emulator, 'DELETE', `${members}/user_bob`)
    expect([last.status, codeOf(last)]).toEqual([422, 'personal_accounts_not_allowed'])
  })
})

describe('ids, times and counts', () => {
  it('5: ids are KSUIDs whose time agrees with created_at', async () => {
    await using emulator = await createEmulator({ seed: acme })
    for (const time of [1_600_000_000_999, 1_800_000_000_000, 1_800_000_000_001]) {
      emulator.clock.set(time)
      const { json } = await call(emulator, 'POST', members, { body: cleo })
      expect(json.id).toMatch(/^orgmem_[0-9A-Za-z]{27}$/)
      expect(secondsOf(json.id)).toBe(Math.floor(time / 1000))
      expect([json.created_at, json.updated_at]).toEqual([time, time])
      await call(emulator, 'DELETE', `${members}/user_cleo`)
    }
    const seeded = (await call(emulator, 'GET', members)).json.data
    for (const row of seeded) expect(secondsOf(row.id)).toBe(Math.floor(row.created_at / 1000))
  })

  it('3: rows of one millisecond keep the order of their ids, whoever comes and goes', async () => {
    const users = Array.from({ length: 9 }, (_, index) => ({ id: `user_${index}` }))
    const created = 1_700_000_000_000
    await using emulator = await createEmulator({
      seed: {
        users,
        organizations: [
          {
            id: 'org_acme',
            memberships: ['orgmem_b', 'orgmem_c', 'orgmem_a'].map((id, index) => ({
              id,
              user_id: `user_${index}`,
              role: 'org:member',
              created_at: created,
            })),
          },
        ],
      },
    })
    emulator.clock.set(created)
    const ids = async () =>
      (await call(emulator, 'GET', `${members}?limit=500`)).json.data.map(({ id }) => id)
    expect(await ids()).toEqual(['orgmem_c', 'orgmem_b', 'orgmem_a'])
    for (const { id } of users.slice(3)) {
      await call(emulator, 'POST', members, { body: { user_id: id, role: 'org:member' } })
    }
    const all = await ids()
    expect(all).toEqual(all.toSorted().toReversed())
    for (const { id } of users.slice(1)) {
      await call(emulator, 'DELETE', `${members}/${id}`)
    }
    expect(await ids()).toEqual(['orgmem_b'])
  })

  it('6: updated_at grows with every write, in one millisecond and with a clock set back', async () => {
    await using emulator = await createEmulator({ seed: acme })
    emulator.clock.set(1_800_000_000_000)
    const write = (index: number) =>
      call(emulator, 'PATCH', `${members}/user_bob/metadata`, {
        body: { public_metadata: { index } },
      })
    const times = new Set<number>()
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => write(index)))
    for (const { json } of all) times.add(json.updated_at)
    expect(times.size).toBe(20)
    emulator.clock.set(1_700_000_000_000)
    const last = (await write(20)).json
    expect(last.updated_at).toBeGreaterThan(Math.max(...times))
    expect(last.created_at).toBeLessThan(last.updated_at)
  })

  it('8: members_count is the count after the operation; the organization is not touched', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const before = (await call(emulator, 'GET', '/organizations/org_acme')).json
    const created = await call(emulator, 'POST', members, { body: cleo })
    const updated = await call(emulator, 'PATCH', `${members}/user_cleo`, {
      body: { role: 'org:admin' },
    })
    const deleted = await call(emulator, 'DELETE', `${members}/user_cleo`)
    expect([created, updated, deleted].map(({ json }) => json.organization.members_count)).toEqual([
      3, 3, 2,
    ])
    expect((await call(emulator, 'GET', '/organizations/org_acme')).json).toEqual(before)
  })

  it('2: delete answers the membership as it was', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const [row] = (await call(emulator, 'GET', `${members}?user_id=user_bob`)).json.data
    const { json } = await call(emulator, 'DELETE', `${members}/user_bob`)
    expect(json).toEqual({
      ...row,
      organization: { ...row?.organization, members_count: 1 },
    })
    expect((await call(emulator, 'DELETE', `${members}/user_bob`)).status).toBe(404)
    const again = await call(emulator, 'POST', members, {
      body: { user_id: 'user_bob', role: 'org:member' },
    })
    expect(again.json.id).not.toBe(json.id)
  })
})
