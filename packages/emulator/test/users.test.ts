import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../src/index.js'
import { call } from './call.js'

// Every documented parameter of `GET /users`, and of the count beside it.

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({
    seed: {
      users: [
        {
          id: 'user_ada',
          first_name: 'Ada',
          last_name: 'Lovelace',
          username: 'countess',
          email_address: ['ada@example.com', 'second@example.com'],
          external_id: 'ours_1',
          created_at: 1_700_000_000_000,
          last_active_at: 1_710_000_000_000,
        },
        {
          id: 'user_bob',
          first_name: 'bob',
          phone_number: '+15550001111',
          banned: true,
          created_at: 1_700_000_001_000,
        },
        {
          id: 'user_cleo',
          first_name: 'Cleo',
          web3_wallet: '0xABC',
          created_at: 1_700_000_002_000,
          last_active_at: 1_720_000_000_000,
        },
      ],
      organizations: [
        { id: 'org_1', memberships: [{ user_id: 'user_ada', role: 'org:admin' }] },
        { id: 'org_2', memberships: [{ user_id: 'user_bob', role: 'org:admin' }] },
      ],
    },
  })
})
afterAll(() => emulator.close())

async function find(query: string): Promise<string> {
  const { status, text } = await call(emulator, 'GET', `/users?${query}`)
  if (status !== 200) return String(status)
  return (JSON.parse(text) as { id: string }[]).map(({ id }) => id.replace('user_', '')).join(' ')
}

describe('GET /users', () => {
  it.each([
    ['', 'cleo bob ada'],
    ['user_id=user_ada', 'ada'],
    ['user_id=user_ada&user_id=%2Buser_cleo', 'cleo ada'],
    ['user_id=-user_ada', 'cleo bob'],
    ['user_id=user_nobody', ''],
    ['external_id=ours_1', 'ada'],
    ['external_id=-ours_1', 'cleo bob'],
    ['organization_id=org_1', 'ada'],
    ['organization_id=%2Borg_1&organization_id=org_2', 'bob ada'],
    ['organization_id=-org_1', 'cleo bob'],
    ['email_address=SECOND@example.com', 'ada'],
    ['phone_number=%2B15550001111', 'bob'],
    ['username=countess', 'ada'],
    ['web3_wallet=0xabc', 'cleo'],
    ['query=0001', 'bob'],
    ['email_address_query=SECOND', 'ada'],
    ['phone_number_query=555', 'bob'],
    ['username_query=tess', 'ada'],
    ['name_query=love', 'ada'],
    ['banned=true', 'bob'],
    ['banned=false', 'cleo ada'],
    ['last_active_at_before=1715000000000', 'ada'],
    ['last_active_at_after=1715000000000', 'cleo'],
    ['last_active_at_since=1715000000000', 'cleo'],
    ['last_sign_in_at_before=1715000000000', 'ada'],
    ['last_sign_in_at_after=1715000000000', 'cleo'],
    ['created_at_before=1700000001000', 'ada'],
    ['created_at_after=1700000001000', 'cleo'],
    ['created_at_before=9223372036854775807', 'cleo bob ada'],
    ['provider=oauth_google&provider_user_id=1', ''],
    ['limit=1', 'cleo'],
    ['limit=1&offset=1', 'bob'],
    ['starting_after=user_cleo', 'bob ada'],
    ['starting_after=user_ada&order_by=created_at&limit=1', 'bob'],
    ['order_by=%2Bfirst_name', 'ada bob cleo'],
    ['order_by=-first_name', 'cleo bob ada'],
    ['order_by=email_address', 'ada bob cleo'],
    ['order_by=last_active_at', 'ada cleo bob'],
    ['order_by=web3wallet', 'cleo ada bob'],
    ['user_id=user_ada&banned=true', ''],
    ['banned=perhaps', '422'],
    ['order_by=password', '422'],
    ['starting_after=user_cleo&order_by=first_name', '422'],
    ['starting_after=user_cleo&offset=1', '422'],
    ['starting_after=user_nobody', '422'],
    ['last_sign_in_at_after=yesterday', '422'],
    [Array.from({ length: 101 }, () => 'external_id=x').join('&'), '422'],
    ['limit=0', '422'],
  ])('?%s', async (query, expected) => {
    expect(await find(query)).toBe(expected)
  })

  it('counts by the same filters', async () => {
    const { json } = await call(emulator, 'GET', '/users/count?user_id=-user_ada&limit=1')
    expect(json.total_count).toBe(2)
  })
})
