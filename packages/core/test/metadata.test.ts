import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInvalidArgumentError, mergeMetadata } from '../src/index.js'
import { thrownBy } from './fixtures.js'

type JSONObject = { [key: string]: unknown }
const merge = (current: object, patch: object) =>
  mergeMetadata<JSONObject>(current as JSONObject, patch)

/** Objects as they come off the wire; keys that JavaScript treats in a special way come often. */
const key = fc.oneof(
  fc.constantFrom('a', 'b', 'c', '', '__proto__', 'constructor', 'prototype', 'toString', '0'),
  fc.string(),
)
const { object } = fc.letrec<{ value: unknown; object: JSONObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, 0, 1, '', 'x', true), fc.jsonValue({ maxDepth: 0 })),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    // As JSON.parse makes them: `__proto__` becomes an own key.
    .map((entries) => JSON.parse(jsonOfEntries(entries)) as JSONObject),
}))

function jsonOfEntries(entries: readonly (readonly [string, unknown])[]): string {
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
}

const isPlain = (value: unknown): value is JSONObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The pseudocode of RFC 7396, section 2, over Maps, where no key is special. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch
  const result = new Map(isPlain(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name)
    else result.set(name, mergePatch(result.get(name), value))
  }
  return JSON.parse(jsonOfEntries([...result]))
}

describe('mergeMetadata', () => {
  it.each<[what: string, current: object, patch: object, result: object]>([
    ['adds a key', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ['replaces a value', { a: 1 }, { a: 2 }, { a: 2 }],
    ['merges objects', { a: { b: 1, c: 2 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
    ['removes with null', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['removes below', { a: { b: 1, c: 2 } }, { a: { b: null } }, { a: { c: 2 } }],
    ['leaves the emptied object', { a: { b: 1 } }, { a: { b: null } }, { a: {} }],
    ['replaces arrays whole', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ['keeps nulls in arrays', {}, { a: [null, { b: null }] }, { a: [null, { b: null }] }],
    ['object over scalar', { a: 1 }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
    ['object over array', { a: [1] }, { a: {} }, { a: {} }],
    ['scalar over object', { a: { b: 1 } }, { a: 0 }, { a: 0 }],
    ['null of an absent key', { a: 1 }, { b: null, c: { d: null } }, { a: 1, c: {} }],
    ['undefined is absent', { a: 1 }, { a: undefined, b: undefined }, { a: 1 }],
  ])('%s', (_, current, patch, result) => {
    expect(merge(current, patch)).toEqual(result)
  })

  it('is RFC 7396 for objects', () => {
    fc.assert(
      fc.property(object, object, (current, patch) => {
        expect(merge(current, patch)).toEqual(mergePatch(current, patch))
      }),
      { numRuns: 500 },
    )
  })

  it('the same patch twice is the patch once, by identity', () => {
    fc.assert(
      fc.property(object, object, (current, patch) => {
        const once = merge(current, patch)
        expect(merge(once, patch)).toBe(once)
      }),
      { numRuns: 500 },
    )
  })

  it('leaves what the patch does not name the very same', () => {
    fc.assert(
      fc.property(object, object, (current, patch) => {
        const merged = merge(current, patch)
        const untouched = Object.keys(current).filter((name) => !Object.hasOwn(patch, name))
        for (const name of untouched) {
          expect(Object.getOwnPropertyDescriptor(merged, name)?.value).toBe(
            Object.getOwnPropertyDescriptor(current, name)?.value,
          )
        }
        expect(merge(current, {})).toBe(current)
      }),
    )
  })

  it('stores no null outside arrays that was not there before', () => {
    const hasNull = (value: unknown): boolean =>
      value === null || (isPlain(value) && Object.values(value).some(hasNull))
    fc.assert(
      fc.property(object, (patch) => {
        expect(hasNull(merge({}, patch))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('changes neither argument, frozen or not', () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      Object.freeze(value)
      Object.values(value).forEach(freeze)
    }
    fc.assert(
      fc.property(object, object, (current, patch) => {
        const before = JSON.stringify([current, patch])
        freeze(current)
        freeze(patch)
        merge(current, patch)
        expect(JSON.stringify([current, patch])).toBe(before)
      }),
    )
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s is a key like any other',
    (name) => {
      const patch = JSON.parse(`{"${name}":{"polluted":{"a":1,"b":null}},"x":{"${name}":1}}`)
      const added = merge({}, patch)
      expect(JSON.stringify(added)).toBe(`{"${name}":{"polluted":{"a":1}},"x":{"${name}":1}}`)
      expect(Object.getPrototypeOf(added)).toBe(Object.prototype)
      expect(({} as JSONObject).polluted).toBeUndefined()

      const again = merge(added, JSON.parse(`{"${name}":{"polluted":{"a":null,"c":2}}}`))
      expect(JSON.stringify(again)).toBe(`{"${name}":{"polluted":{"c":2}},"x":{"${name}":1}}`)
      expect(JSON.stringify(merge(again, JSON.parse(`{"${name}":null}`)))).toBe(
        `{"x":{"${name}":1}}`,
      )
    },
  )

  it('takes own keys only', () => {
    const patch = Object.create({ inherited: 1 }) as JSONObject
    patch.own = 1
    expect(merge({}, patch)).toEqual({ own: 1 })
    const current = Object.create({ a: { b: 1 } }) as JSONObject
    expect(merge(current, { a: { c: 2 } }).a).toEqual({ c: 2 })
  })

  it('does not overflow the stack at great depth', () => {
    const nest = (leaf: unknown, levels: number) => {
      let value = leaf
      for (let depth = 0; depth < levels; depth++) value = { a: value }
      return value as JSONObject
    }
    let merged: unknown = merge(nest({ x: 1 }, 100_000), nest({ y: 2 }, 4_000))
    for (let depth = 0; depth < 4_000; depth++) merged = (merged as JSONObject).a
    expect(merged).toMatchObject({ y: 2, a: {} })
    expect(() => merge({}, nest(1, 100_000))).toThrow('more than 4096 levels')
  })

  it('refuses a patch that holds itself, and takes one that holds an object twice', () => {
    const cyclic: JSONObject = { a: {} }
    ;(cyclic.a as JSONObject).b = cyclic
    expect(isInvalidArgumentError(thrownBy(() => merge({}, cyclic)))).toBe(true)
    const twice = { x: 1 }
    expect(merge({}, { a: twice, b: { c: twice } })).toEqual({ a: { x: 1 }, b: { c: { x: 1 } } })
  })
})
