import type { OrganizationMembershipQuery } from '@org-memberships/core'
import {
  orderFields,
  type OrganizationMembershipJSON,
  toListSearchParams,
} from '@org-memberships/core/contract'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator, type Seed, type SeedUser } from '../src/index.js'
import { call } from './call.js'

// Every answer of the list route against the slowest possible reading of the contract's section 3.

const count = 60
const pick = <T>(values: readonly T[], index: number): T => values[index % values.length] as T

const users: (SeedUser & { id: string; created_at: number })[] = Array.from(
  { length: count },
  (_, index) => ({
    id: `user_${index}`,
    first_name: pick(['Ada', 'bob', null, 'Ångström', 'ada'], index),
    last_name: pick(['Lovelace', null, 'Zimmer'], index),
    username: index % 4 === 0 ? null : `name${(index * 7) % count}`,
    email_address: index % 5 === 0 ? null : [`Mail${index}@example.com`, `second${index}@x.org`],
    phone_number: index % 3 === 0 ? `+1555${String(1000 + index)}` : null,
    web3_wallet: index % 7 === 0 ? `0xABC${index}` : null,
    created_at: 1_700_000_000_000 + (index % 10) * 1000,
    last_active_at: index % 6 === 0 ? null : 1_700_000_000_000 + (index % 8) * 1000,
  }),
)
const seed: Seed = {
  users,
  roles: [{ key: 'org:guest' }],
  organizations: [
    {
      id: 'org_1',
      memberships: users.slice(5).map(({ id }, index) => ({
        user_id: id,
        role: pick(['org:admin', 'org:member', 'org:guest'], index),
        created_at: 1_710_000_000_000 + (index % 20),
      })),
    },
  ],
}

let emulator: Emulator
let rows: OrganizationMembershipJSON[]
beforeAll(async () => {
  emulator = await createEmulator({ seed })
  rows = (await call(emulator, 'GET', '/organizations/org_1/memberships?limit=500')).json.data
})
afterAll(() => emulator.close())

const byId = new Map(users.map((user) => [user.id, user]))
const lower = (text: string) => text.toLowerCase()
const texts = (value: string | readonly string[] | null | undefined): string[] =>
  value === null || value === undefined ? [] : [value].flat()
const isIn = (values: readonly string[] | undefined, own: readonly string[]) =>
  values === undefined || values.some((value) => own.map(lower).includes(lower(value)))
const isPart = (part: string | undefined, own: readonly string[]) =>
  part === undefined || own.some((text) => lower(text).includes(lower(part)))

function model(query: OrganizationMembershipQuery): { ids: string[]; total: number } {
  const matching = rows.filter((row) => {
    const user = byId.get(row.public_user_data?.user_id ?? '')
    if (user === undefined) return false
    const emails = texts(user.email_address)
    const phones = texts(user.phone_number)
    const wallets = texts(user.web3_wallet)
    const names = texts(user.username)
    const name = [user.first_name, user.last_name].filter((part) => part !== null).join(' ')
    const ids = texts(query.userId)
    const included = ids.filter((id) => !id.startsWith('-')).map((id) => id.replace(/^\+/, ''))
    const active = user.last_active_at
    return (
      (included.length === 0 || included.includes(user.id)) &&
      !ids.includes(`-${user.id}`) &&
      (query.role === undefined || texts(query.role).includes(row.role)) &&
      isIn(query.emailAddress as string[] | undefined, emails) &&
      isIn(query.phoneNumber as string[] | undefined, phones) &&
      isIn(query.username as string[] | undefined, names) &&
      isIn(query.web3Wallet as string[] | undefined, wallets) &&
      isPart(query.query, [user.id, name, ...emails, ...phones, ...wallets, ...names]) &&
      isPart(query.emailAddressQuery, emails) &&
      isPart(query.phoneNumberQuery, phones) &&
      isPart(query.usernameQuery, names) &&
      isPart(query.nameQuery, [name]) &&
      (query.createdAtBefore === undefined || user.created_at < query.createdAtBefore) &&
      (query.createdAtAfter === undefined || user.created_at > query.createdAtAfter) &&
      (query.lastActiveAtBefore === undefined ||
        (typeof active === 'number' && active < query.lastActiveAtBefore)) &&
      (query.lastActiveAtAfter === undefined ||
        (typeof active === 'number' && active > query.lastActiveAtAfter))
    )
  })
  const order = query.orderBy ?? '-created_at'
  const sorted = matching.toSorted(compareUpwards(order.replace(/^[+-]/, '')))
  if (order.startsWith('-')) sorted.reverse()
  const { limit = 10, offset = 0 } = query
  return {
    ids: sorted.slice(offset, offset + limit).map((row) => row.id),
    total: matching.length,
  }
}

function compareUpwards(field: string) {
  const key = (row: OrganizationMembershipJSON) => {
    if (field === 'created_at') return ''
    const user = byId.get(row.public_user_data?.user_id ?? '')
    const value = texts(user?.[field as 'username'])[0]
    return value === undefined ? '\u{10FFFF}' : lower(value)
  }
  return (a: OrganizationMembershipJSON, b: OrganizationMembershipJSON) => {
    const [keyA, keyB] = [key(a), key(b)]
    if (keyA !== keyB) return keyA < keyB ? -1 : 1
    return a.created_at - b.created_at || (a.id < b.id ? -1 : 1)
  }
}

const index = fc.nat(count - 1)
const some = (value: fc.Arbitrary<string>) => fc.array(value, { minLength: 1, maxLength: 4 })
const time = fc.integer({ min: 1_700_000_000_000, max: 1_700_000_009_000 })
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 })

const query = fc.record({
  limit: rarely(fc.integer({ min: 1, max: 70 })),
  offset: rarely(fc.nat(70)),
  orderBy: fc.option(
    fc
      .tuple(fc.constantFrom('', '+', '-'), fc.constantFrom(...orderFields))
      .map(([sign, field]) => `${sign}${field}` as const),
    { nil: undefined },
  ),
  role: rarely(some(fc.constantFrom('org:admin', 'org:member', 'org:guest', 'org:none'))),
  userId: rarely(
    some(fc.tuple(fc.constantFrom('', '+', '-'), index).map(([sign, n]) => `${sign}user_${n}`)),
  ),
  emailAddress: rarely(some(index.map((n) => `mail${n}@Example.com`))),
  phoneNumber: rarely(some(index.map((n) => `+1555${1000 + n}`))),
  username: rarely(some(index.map((n) => `NAME${n}`))),
  web3Wallet: rarely(some(index.map((n) => `0xabc${n}`))),
  query: rarely(fc.constantFrom('ADA', '1', 'mail2', 'å', '0xa', 'ada love')),
  emailAddressQuery: rarely(fc.constantFrom('SECOND', 'mail1', '@x.')),
  phoneNumberQuery: rarely(fc.constantFrom('555', '101')),
  usernameQuery: rarely(fc.constantFrom('NAME1', 'e3')),
  nameQuery: rarely(fc.constantFrom('ad', 'B Z', 'zim')),
  createdAtBefore: rarely(time),
  createdAtAfter: rarely(time),
  lastActiveAtBefore: rarely(time),
  lastActiveAtAfter: rarely(time),
})

/** Most queries with a handful of filters: with all of them nothing ever matches. */
const sparse = fc
  .tuple(query, fc.subarray(Object.keys(listFilters()), { maxLength: 3 }))
  .map(([full, kept]): OrganizationMembershipQuery => {
    const { limit, offset, orderBy } = full
    const filters = kept.map((key) => [key, full[key as keyof typeof full]])
    return JSON.parse(
      JSON.stringify({ limit, offset, orderBy, ...Object.fromEntries(filters) }),
    ) as OrganizationMembershipQuery
  })

function listFilters() {
  return {
    role: 1,
    userId: 1,
    emailAddress: 1,
    phoneNumber: 1,
    username: 1,
    web3Wallet: 1,
    query: 1,
    emailAddressQuery: 1,
    phoneNumberQuery: 1,
    usernameQuery: 1,
    nameQuery: 1,
    createdAtBefore: 1,
    createdAtAfter: 1,
    lastActiveAtBefore: 1,
    lastActiveAtAfter: 1,
  } satisfies {
    [Key in Exclude<keyof OrganizationMembershipQuery, 'limit' | 'offset' | 'orderBy'>]: 1
  }
}

it('answers every query as the model does', async () => {
  await fc.assert(
    fc.asyncProperty(sparse, async (asked) => {
      const path = `/organizations/org_1/memberships?${toListSearchParams(asked).toString()}`
      const { json } = await call(emulator, 'GET', path)
      expect({ ids: json.data.map(({ id }) => id), total: json.total_count }).toEqual(model(asked))
    }),
    { numRuns: 600 },
  )
})
