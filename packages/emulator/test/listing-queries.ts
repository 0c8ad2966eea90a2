import type { OrganizationMembershipQuery } from '@org-memberships/core'
import { orderFields } from '@org-memberships/core/contract'
import * as fc from 'fast-check'
import type { Seed, SeedUser } from '../src/index.js'

// Sixty members and every kind of question about them, for the list route and for whatever answers in its place.

const count = 60
const pick = <T>(values: readonly T[], index: number): T => values[index % values.length] as T

export const users: (SeedUser & { id: string; created_at: number })[] = Array.from(
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
export const seed: Seed = {
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
export const sparseQuery = fc
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
