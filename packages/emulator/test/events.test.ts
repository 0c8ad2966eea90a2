import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { createEmulator, type EmulatorEvent } from '../src/index.js'
import { acme } from './acme.js'
import { call, userIds } from './call.js'
import { invitationSchema, organizationSchema, userSchema } from './conformance/shapes.js'

const members = '/organizations/org_acme/memberships'

async function eventsOf(
  run: (emulator: Awaited<ReturnType<typeof createEmulator>>) => Promise<unknown>,
  options = {},
): Promise<EmulatorEvent[]> {
  await using emulator = await createEmulator({ seed: acme, ...options })
  const events: EmulatorEvent[] = []
  emulator.onEvent((event) => events.push(event))
  await run(emulator)
  return events
}
const typesOf = (events: readonly EmulatorEvent[]) => events.map(({ type }) => type)

describe('users', () => {
  it('come and change, and lists show it in name and order', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const byName = () => call(emulator, 'GET', `${members}?order_by=first_name`)
    expect(userIds(await byName())).toEqual(['user_ada', 'user_bob'])
    const updated = await emulator.updateUser('user_ada', { first_name: 'Zoe', username: null })
    expect(updated).toMatchObject({ first_name: 'Zoe', last_name: 'Lovelace', username: null })
    expect(userIds(await byName())).toEqual(['user_bob', 'user_ada'])
    expect((await byName()).json.data[1]?.public_user_data?.first_name).toBe('Zoe')
    const found = await call(emulator, 'GET', `${members}?query=zoe`)
    expect(found.json.total_count).toBe(1)
    await emulator.updateUser('user_ada', { email_address: 'zoe@example.com' })
    const email = encodeURIComponent('zoe@example.com')
    const byEmail = await call(emulator, 'GET', `${members}?email_address=${email}`)
    expect(userIds(byEmail)).toEqual(['user_ada'])
    await emulator.reset()
    expect((await byName()).json.data[0]?.public_user_data?.first_name).toBe('Ada')
  })

  it('go with all their memberships, each with an event before their own', async () => {
    const events = await eventsOf(async (emulator) => {
      await emulator.createUser({ id: 'user_new', external_id: 'ours_1' })
      await call(emulator, 'POST', members, { body: { user_id: 'user_new', role: 'org:member' } })
      await emulator.deleteUser('user_new')
      expect((await call(emulator, 'GET', members)).json.total_count).toBe(2)
      expect((await call(emulator, 'GET', '/users/user_new')).status).toBe(404)
    })
    expect(typesOf(events)).toEqual([
      'user.created',
      'organizationMembership.created',
      'organizationMembership.deleted',
      'user.deleted',
    ])
    expect(events[2]?.data).toMatchObject({ organization: { members_count: 2 } })
    expect(events[3]?.data).toEqual({
      object: 'user',
      id: 'user_new',
      deleted: true,
      external_id: 'ours_1',
    })
    expect(v.safeParse(userSchema, events[0]?.data).issues).toBeUndefined()
  })
})

describe('organizations', () => {
  it('come, change and go', async () => {
    const events = await eventsOf(async (emulator) => {
      await emulator.createOrganization({
        id: 'org_new',
        name: 'New & Co.',
        memberships: [{ user_id: 'user_cleo', role: 'org:admin' }],
      })
      await emulator.updateOrganization('org_new', { public_metadata: { plan: 'gold' } })
      await emulator.deleteOrganization('org_new')
      expect((await call(emulator, 'GET', '/organizations/org_new')).status).toBe(404)
      const path = '/users/user_cleo/organization_memberships'
      expect((await call(emulator, 'GET', path)).json.total_count).toBe(0)
    })
    expect(typesOf(events)).toEqual([
      'organization.created',
      'organizationMembership.created',
      'organization.updated',
      'organizationMembership.deleted',
      'organization.deleted',
    ])
    expect(events[0]?.data).toMatchObject({ slug: 'new-co', members_count: 0 })
    expect(events[2]?.data).toMatchObject({ public_metadata: { plan: 'gold' }, members_count: 1 })
    expect(v.safeParse(organizationSchema, events[2]?.data).issues).toBeUndefined()
    expect(events[4]?.data).toEqual({
      object: 'organization',
      id: 'org_new',
      slug: 'new-co',
      deleted: true,
    })
  })

  it('go without a word of their memberships where the rule says so', async () => {
    const events = await eventsOf((emulator) => emulator.deleteOrganization('org_acme'), {
      cascadeEvents: false,
    })
    expect(typesOf(events)).toEqual(['organization.deleted'])
  })

  it('come back with reset', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const before = (await call(emulator, 'GET', members)).text
    await emulator.deleteOrganization('org_acme')
    await emulator.deleteUser('user_ada')
    await emulator.createUser({ id: 'user_new' })
    await emulator.reset()
    expect((await call(emulator, 'GET', members)).text).toBe(before)
    expect((await call(emulator, 'GET', '/users/user_new')).status).toBe(404)
  })
})

describe('invitations', () => {
  it('are accepted or revoked, and count against the limit until then', async () => {
    const events = await eventsOf(async (emulator) => {
      await emulator.updateOrganization('org_acme', { max_allowed_memberships: 3 })
      const { id } = await emulator.createInvitation({
        organizationId: 'org_acme',
        emailAddress: 'cleo@example.com',
        inviterId: 'user_ada',
      })
      const full = await call(emulator, 'POST', members, {
        body: { user_id: 'user_cleo', role: 'org:member' },
      })
      expect(full.json.errors[0]?.code).toBe('organization_membership_quota_exceeded')
      await emulator.acceptInvitation({ invitationId: id, userId: 'user_cleo' })
      await expect(emulator.revokeInvitation(id)).rejects.toThrow('no pending invitation')
      const other = await emulator.createInvitation({
        organizationId: 'org_acme',
        emailAddress: 'dora@example.com',
        role: 'org:admin',
      })
      await emulator.revokeInvitation(other.id)
    })
    expect(typesOf(events)).toEqual([
      'organization.updated',
      'organizationInvitation.created',
      'organizationInvitation.accepted',
      'organizationMembership.created',
      'organizationInvitation.created',
      'organizationInvitation.revoked',
    ])
    expect(events[2]?.data).toMatchObject({ status: 'accepted', user_id: 'user_cleo' })
    expect(events[3]?.data).toMatchObject({ organization: { pending_invitations_count: 0 } })
    for (const index of [1, 2, 4, 5]) {
      expect(v.safeParse(invitationSchema, events[index]?.data).issues).toBeUndefined()
    }
  })
})

it('refuses what is not there, twice, or of the wrong form, and says so', async () => {
  await using emulator = await createEmulator({ seed: acme })
  await expect(emulator.deleteUser('user_x')).rejects.toThrow("there is no user 'user_x'")
  await expect(emulator.createUser({ id: 'user_ada' })).rejects.toThrow('already')
  await expect(emulator.updateUser('user_ada', { banned: 'yes' } as never)).rejects.toThrow(
    'banned: must be true or false',
  )
  await expect(emulator.updateOrganization('org_acme', { roles: ['org:x'] })).rejects.toThrow(
    "there is no role 'org:x'",
  )
  await expect(
    emulator.createOrganization({
      id: 'org_2',
      memberships: [{ user_id: 'user_x', role: 'org:admin' }],
    }),
  ).rejects.toThrow('user_x')
  expect((await call(emulator, 'GET', '/organizations/org_2')).status).toBe(404)
})

describe('lag', () => {
  it('lets lists answer the state of a while ago, and nothing else', async () => {
    await using emulator = await createEmulator({ seed: acme, lag: 500 })
    emulator.clock.set(1_800_000_000_000)
    await call(emulator, 'DELETE', `${members}/user_bob`)
    emulator.clock.advance(200)
    const added = await call(emulator, 'POST', members, {
      body: { user_id: 'user_cleo', role: 'org:member' },
    })
    expect(added.json.organization.members_count).toBe(2)
    const list = async () => userIds(await call(emulator, 'GET', members))
    const ofInstance = async () =>
      (await call(emulator, 'GET', '/organization_memberships')).json.total_count
    const ofCleo = async () =>
      (await call(emulator, 'GET', '/users/user_cleo/organization_memberships')).json.total_count
    expect([await list(), await ofInstance(), await ofCleo()]).toEqual([
      ['user_bob', 'user_ada'],
      2,
      0,
    ])
    emulator.clock.advance(300)
    expect(await list()).toEqual(['user_ada'])
    emulator.clock.advance(200)
    expect([await list(), await ofInstance(), await ofCleo()]).toEqual([
      ['user_cleo', 'user_ada'],
      2,
      1,
    ])
  })

  it('changes at any time, and ends with reset', async () => {
    await using emulator = await createEmulator({ seed: acme })
    emulator.clock.set(1_800_000_000_000)
    emulator.lag = 60_000
    await emulator.deleteOrganization('org_acme')
    expect((await call(emulator, 'GET', members)).status).toBe(200)
    emulator.lag = 0
    expect((await call(emulator, 'GET', members)).status).toBe(404)
    emulator.lag = 60_000
    await emulator.reset()
    expect(emulator.lag).toBe(0)
    expect(() => (emulator.lag = Number.NaN)).toThrow(RangeError)
  })
})
