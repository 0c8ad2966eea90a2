import * as fc from 'fast-check'
import { unstable_serialize as serialize } from 'swr'
import { unstable_serialize as serializeInfinite } from 'swr/infinite'
import { expect, test } from 'vitest'
import {
  infiniteOrganizationMembershipsKey,
  keyString,
  normalizeQuery,
  organizationMembershipKey,
  organizationMembershipsKey,
  pageKeyAt,
} from '../src/pages/keys.js'
import { cacheKeyOf } from '../src/pages/swr.js'

const texts = fc.array(fc.constantFrom('', 'a', 'b', 'c'), { maxLength: 4 })
const queries = fc.record(
  {
    role: texts,
    userId: texts,
    query: fc.constantFrom('', ' ', 'x', ' x '),
    limit: fc.constantFrom(1, 10),
    offset: fc.constantFrom(0, 10),
    orderBy: fc.constantFrom('created_at', '+created_at', '-created_at' as const),
  },
  { requiredKeys: [] },
)

test('a normalised query is its own normal form, and both spellings give one key', () => {
  fc.assert(
    fc.property(queries, (query) => {
      const normal = normalizeQuery(query)
      expect(normalizeQuery(normal)).toEqual(normal)
      const entries = Object.entries(query)
      const reversed = Object.fromEntries(entries.map((_, index) => entries.at(-1 - index)!))
      const keys = [query, normal, reversed].map((one) => organizationMembershipsKey('o', one))
      expect(new Set(keys.map(keyString)).size).toBe(1)
      expect(new Set(keys.map((key) => serialize(key))).size).toBe(1)
    }),
  )
})

test('what means something else is another key', () => {
  const spellings = [
    {},
    { limit: 11 },
    { offset: 10 },
    { orderBy: '-username' as const },
    { orderBy: 'created_at' as const },
    { role: 'a' },
    { role: ['a', 'b'] },
    { userId: 'a' },
    { userId: '-a' },
    { query: 'a' },
    { createdAtAfter: 0 },
  ]
  const keys = spellings.map((query) => keyString(organizationMembershipsKey('o', query)))
  expect(new Set(keys).size).toBe(spellings.length)
  expect(keyString(organizationMembershipsKey('p'))).not.toBe(keys[0])
})

test('a query is not changed, and the pages of a list follow each other', () => {
  const query = Object.freeze({ role: Object.freeze(['b', 'a']), limit: 20 })
  const key = organizationMembershipsKey('o', query)
  expect(key[3]).toEqual({ role: ['a', 'b'], limit: 20, offset: 0 })
  expect(pageKeyAt(key, 3)[3]).toEqual({ role: ['a', 'b'], limit: 20, offset: 60 })
})

test('an id that begins with a sign or a blank is asked for as it is', () => {
  for (const userId of ['+user', '-user', ' user', '\tuser']) {
    expect(organizationMembershipKey('org_1', userId)[3].userId).toEqual([`+${userId}`])
  }
  expect(organizationMembershipKey('org_1', 'user')[3].userId).toEqual(['user'])
})

test("an infinite list stands in SWR's cache where SWR looks for it", () => {
  const key = infiniteOrganizationMembershipsKey('org_1', { limit: 5, role: ['org:admin'] })
  expect(cacheKeyOf(key)).toBe(serializeInfinite(() => key))
})
