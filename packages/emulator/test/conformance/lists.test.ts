import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.js'
import { acme } from '../acme.js'
import { call, userIds } from '../call.js'
import { ada, filters, ofInstanceAndUser, orders, pages, seed } from './list-table.js'
import { runRows } from './rows.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterAll(() => emulator.close())

describe('lists', () => {
  runRows(() => emulator, pages)

  describe('order', () => {
    runRows(() => emulator, orders)
  })

  describe('filters', () => {
    runRows(() => emulator, filters)
  })

  describe('of the instance and of a user', () => {
    runRows(() => emulator, ofInstanceAndUser)

    it('3: a user’s memberships come newest first', async () => {
      const { json } = await call(emulator, 'GET', ada)
      expect(json.data.map(({ organization }) => organization.id)).toEqual(['org_2', 'org_1'])
    })
  })

  it('3: times beyond what JavaScript holds exactly are times of a far future or past', async () => {
    await using other = await createEmulator({ seed: acme })
    const path = '/organizations/org_acme/memberships'
    const count = async (query: string) =>
      (await call(other, 'GET', `${path}?${query}`)).json.total_count
    expect(await count('created_at_before=9223372036854775807')).toBe(2)
    expect(await count('created_at_after=9007199254740993')).toBe(0)
    expect(await count('created_at_after=-9223372036854775808')).toBe(2)
    const tooLarge = await call(other, 'GET', `${path}?created_at_after=9223372036854775808`)
    expect(tooLarge.status).toBe(422)
  })

  it('3: text is ordered by code unit, whatever the language of the machine', async () => {
    const names = ['zoe', 'Österreich', 'Oz', 'anna', '_x']
    await using own = await createEmulator({
      seed: {
        users: names.map((name) => ({ id: `user_${name}`, last_name: name })),
        organizations: [
          {
            id: 'org_1',
            memberships: names.map((name) => ({ user_id: `user_${name}`, role: 'org:member' })),
          },
        ],
      },
    })
    const called = await call(own, 'GET', '/organizations/org_1/memberships?order_by=last_name')
    const inOrder = ['_x', 'anna', 'Oz', 'zoe', 'Österreich'].map((name) => `user_${name}`)
    expect(userIds(called)).toEqual(inOrder)
  })

  it('4: holds exactly data and total_count', async () => {
    const { json } = await call(emulator, 'GET', '/organization_memberships')
    expect(Object.keys(json)).toEqual(['data', 'total_count'])
  })
})
