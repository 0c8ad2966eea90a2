import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { call, type Mounted, origin, startMounted } from './support/mounted.js'

describe('the last holder of an elevated role', () => {
  let mounted: Mounted
  let token: string

  beforeAll(async () => {
    mounted = await startMounted('express', { access: { cache: { freshFor: 0 } } })
    token = await mounted.emulator.createSessionToken({ userId: 'user_ada', azp: origin })
  })
  beforeEach(() => mounted.emulator.reset())
  afterAll(() => mounted.close())

  const path = (userId: string) => `${mounted.url}/v1/organizations/org_acme/memberships/${userId}`
  const demote = (userId: string, by = token) =>
    call('PATCH', path(userId), { token: by, body: { role: 'org:member' } })
  const promote = (userId: string) =>
    call('PATCH', path(userId), { token, body: { role: 'org:admin' } })
  const remove = (userId: string) => call('DELETE', path(userId), { token })
  const refused = {
    status: 400,
    json: { errors: [{ code: 'organization_minimum_permissions_needed' }] },
  }
  const changes = () => mounted.emulator.requests.filter(({ method }) => method !== 'GET')

  it('can be neither removed nor demoted, and nothing is sent', async () => {
    expect(await demote('user_ada')).toMatchObject(refused)
    expect(await remove('user_ada')).toMatchObject(refused)
    expect(changes()).toEqual([])
  })

  it('is not the last where there is another', async () => {
    await promote('user_bob')
    expect((await demote('user_bob')).status).toBe(200)
    expect(await remove('user_ada')).toMatchObject(refused)
  })

  it('may be given an elevated role, and others may go', async () => {
    expect((await promote('user_ada')).status).toBe(200)
    expect((await remove('user_bob')).status).toBe(200)
    expect((await demote('user_cleo')).status).toBe(200)
  })

  it('survives two who demote each other at the same moment', async () => {
    await promote('user_bob')
    const bob = await mounted.emulator.createSessionToken({ userId: 'user_bob', azp: origin })
    const statuses = (await Promise.all([demote('user_bob'), demote('user_ada', bob)])).map(
      ({ status }) => status,
    )
    // The second one is refused as the last, or is no admin any more.
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  })
})

describe('where the protection is switched off', () => {
  it('leaves it to upstream', async () => {
    const mounted = await startMounted('express', { access: { elevatedRoles: [] } })
    const token = await mounted.emulator.createSessionToken({ userId: 'user_ada', azp: origin })
    const url = `${mounted.url}/v1/organizations/org_acme/memberships/user_ada`
    expect((await call('DELETE', url, { token })).status).toBe(200)
    await mounted.close()
  })
})
