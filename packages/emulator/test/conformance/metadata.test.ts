import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.js'
import { acme } from '../acme.js'
import { call } from '../call.js'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed: acme })
})
afterAll(() => emulator.close())

const members = '/organizations/org_acme/memberships'
const bob = `${members}/user_bob/metadata`

const patch = (body: unknown) => call(emulator, 'PATCH', bob, { body })

interface Merge {
  readonly says: string
  readonly before: object
  readonly patch: object
  readonly after: object
}

const merges: Merge[] = [
  { says: 'a new key is added', before: { a: 1 }, patch: { b: 2 }, after: { a: 1, b: 2 } },
  {
    says: 'objects merge at every depth',
    before: { a: { b: { c: 1 }, d: 1 } },
    patch: { a: { b: { e: 2 } } },
    after: { a: { b: { c: 1, e: 2 }, d: 1 } },
  },
  {
    says: 'null removes a key at every depth',
    before: { a: { b: 1, c: 2 }, d: 3 },
    patch: { a: { b: null }, d: null },
    after: { a: { c: 2 } },
  },
  {
    says: 'null for an absent key does nothing',
    before: { a: 1 },
    patch: { b: null, c: { d: null } },
    after: { a: 1, c: {} },
  },
  { says: 'an array replaces whole', before: { a: [1, 2] }, patch: { a: [3] }, after: { a: [3] } },
  {
    says: 'nulls in an array stay',
    before: {},
    patch: { a: [null, { b: null }] },
    after: { a: [null, { b: null }] },
  },
  {
    says: 'a scalar replaces an object, and an object a scalar',
    before: { a: { b: 1 }, c: 1 },
    patch: { a: 2, c: { d: 3 } },
    after: { a: 2, c: { d: 3 } },
  },
  {
    says: 'nulls in an object over a scalar vanish',
    before: { a: 1 },
    patch: { a: { b: null, c: { d: null } } },
    after: { a: { c: {} } },
  },
  { says: '{} does nothing', before: { a: 1 }, patch: {}, after: { a: 1 } },
  {
    says: 'the case of keys is kept',
    before: {},
    patch: { camelCase: { snake_case: 1, 'Kebab-Case': 2 } },
    after: { camelCase: { snake_case: 1, 'Kebab-Case': 2 } },
  },
]

describe('metadata', () => {
  it.each(merges)('6: $says', async ({ before, patch: change, after }) => {
    await emulator.reset()
    await patch({ public_metadata: { team: null, ...before } })
    const { json } = await patch({ public_metadata: change, private_metadata: { own: 1 } })
    expect(json.public_metadata).toEqual(after)
    expect(json.private_metadata).toEqual({ own: 1 })
    const untouched = await patch({ private_metadata: { own: null } })
    expect(untouched.json.public_metadata).toEqual(after)
    expect(untouched.json.private_metadata).toEqual({})
  })

  it.each([[undefined], [{}]])('6: the body %j is fine and changes nothing', async (body) => {
    await emulator.reset()
    const before = (await call(emulator, 'GET', `${members}?user_id=user_bob`)).json.data[0]
    const called = await patch(body)
    expect(called.status).toBe(200)
    expect(called.json.public_metadata).toEqual(before?.public_metadata)
    expect(called.json.updated_at).toBeGreaterThan(before?.updated_at ?? Infinity)
  })

  it('6: at create, null means none and inner nulls vanish', async () => {
    await emulator.reset()
    const { json } = await call(emulator, 'POST', members, {
      body: {
        user_id: 'user_cleo',
        role: 'org:member',
        public_metadata: { a: null, b: { c: null } },
        private_metadata: null,
      },
    })
    expect([json.public_metadata, json.private_metadata]).toEqual([{ b: {} }, {}])
  })

  it('6: __proto__ is a key like any other', async () => {
    await emulator.reset()
    const called = await patch('{"public_metadata":{"__proto__":{"polluted":true}}}')
    expect(called.text).toContain(
      '"public_metadata":{"team":{"name":"red"},"__proto__":{"polluted":true}}',
    )
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    const removed = await patch('{"public_metadata":{"__proto__":null}}')
    expect(removed.text).not.toContain('__proto__')
  })

  it.each([
    ['exactly 8192 bytes', 'x'.repeat(8192 - '{"a":""}'.length), 200],
    ['one byte more', 'x'.repeat(8193 - '{"a":""}'.length), 422],
    ['8192 bytes of two-byte letters', 'ü'.repeat((8192 - '{"a":""}'.length) / 2), 200],
    ['one letter more', 'ü'.repeat((8194 - '{"a":""}'.length) / 2), 422],
  ])('6: a field of %s', async (_says, value, status) => {
    await emulator.reset()
    await patch({ public_metadata: { team: null } })
    const called = await patch({ public_metadata: { a: value } })
    expect(called.status).toBe(status)
    const { json } = await call(emulator, 'GET', `${members}?user_id=user_bob`)
    expect(json.data[0]?.public_metadata).toEqual(status === 200 ? { a: value } : {})
  })

  it('6: the limit is on what would be stored, for each field of its own', async () => {
    await emulator.reset()
    const part = 'x'.repeat(5000)
    const both = await patch({ public_metadata: { a: part }, private_metadata: { a: part } })
    expect(both.status).toBe(200)
    const more = await patch({ public_metadata: { b: part }, private_metadata: { b: part } })
    expect(more.status).toBe(422)
    expect(more.json.errors).toMatchObject(
      ['public_metadata', 'private_metadata'].map((field) => ({
        code: 'form_param_exceeds_allowed_size',
        message: `The given ${field} exceeds the maximum allowed size of 8192 bytes (8 KB).`,
        meta: { param_name: field },
      })),
    )
    expect((await patch({ public_metadata: { a: null, b: part } })).status).toBe(200)
    const create = await call(emulator, 'POST', members, {
      body: { user_id: 'user_cleo', role: 'org:member', public_metadata: { a: part, b: part } },
    })
    expect(create.json.errors[0]?.code).toBe('form_param_exceeds_allowed_size')
  })

  it.each([
    ['arrays', '['.repeat(4000), ']'.repeat(4000), 200],
    ['objects', '{"a":'.repeat(1300), `1${'}'.repeat(1300)}`, 200],
    ['arrays, more than fit', '['.repeat(100_000), ']'.repeat(100_000), 422],
    ['objects, more than fit', '{"a":'.repeat(100_000), `1${'}'.repeat(100_000)}`, 422],
  ])('6: deep nesting of %s', async (_says, open, close, status) => {
    await emulator.reset()
    const called = await patch(`{"public_metadata":{"deep":${open}${close}}}`)
    expect(called.status).toBe(status)
    expect((await call(emulator, 'GET', members)).status).toBe(200)
  })

  it('6: parallel patches of different keys all hold', async () => {
    await emulator.reset()
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        patch({ public_metadata: { [`k${index}`]: index } }),
      ),
    )
    const { json } = await patch({})
    expect(Object.keys(json.public_metadata)).toHaveLength(51)
  })

  it('6: equals RFC 7396 for every pair of objects', async () => {
    const json = fc.letrec<{ value: unknown; object: object }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, 0, 'x', []),
        tie('object'),
        fc.array(tie('value'), { maxLength: 2 }),
      ),
      object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), {
        noNullPrototype: true,
      }),
    })).object
    await fc.assert(
      fc.asyncProperty(json, json, async (before, change) => {
        await emulator.reset()
        await patch({ private_metadata: before })
        const called = await patch({ private_metadata: change })
        const expected = mergePatch(mergePatch({}, before), change)
        expect(JSON.parse(JSON.stringify(called.json.private_metadata))).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })
})

/** RFC 7396, section 2, to the letter, with keys as data. */
function mergePatch(target: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target)
  const result = new Map(isObject ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(change)) {
    if (value === null) result.delete(key)
    else result.set(key, mergePatch(result.get(key), value))
  }
  return Object.fromEntries(result)
}
