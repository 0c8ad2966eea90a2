import { mergeMetadata } from '@org-memberships/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ComposedPatch } from '../src/members/patch.js'

function composePatches(first: object, second: object): object | undefined {
  const composed = new ComposedPatch(first)
  return composed.add(second) ? composed.value : undefined
}

const keys = fc.constantFrom('a', 'b', '__proto__')
const scalars = fc.constantFrom<unknown>(null, 1, 'text', [null, 2])

function objects(leaves: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return fc
    .letrec<{ object: string; value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaves.map((value) => JSON.stringify(value)),
        tie('object'),
      ),
      object: fc
        .array(fc.tuple(keys, tie('value')), { maxLength: 3 })
        .map((entries) => `{${entries.map(([key, value]) => `"${key}":${value}`).join()}}`),
    }))
    .object.map((text) => JSON.parse(text) as object)
}

const stored = objects(scalars).map((value) => mergeMetadata({}, value))

test('one patch for two does what they do one after the other, wherever there is one', () => {
  let composed = 0
  fc.assert(
    fc.property(stored, objects(scalars), objects(scalars), (value, first, second) => {
      const both = composePatches(first, second)
      if (!both) return
      composed += 1
      const inOrder = mergeMetadata(mergeMetadata(value, first), second)
      expect(mergeMetadata(value, both)).toEqual(inOrder)
    }),
    { numRuns: 3000 },
  )
  expect(composed).toBeGreaterThan(1000)
})

test('there is none where the second builds on what the first has cleared away', () => {
  expect(composePatches({ a: null }, { a: { b: 1 } })).toBeUndefined()
  expect(composePatches({ a: 1 }, { a: { b: 1 } })).toBeUndefined()
  expect(composePatches({ a: { b: [] } }, { a: { b: { c: 1 } } })).toBeUndefined()
  expect(composePatches({ a: { b: 1 } }, { a: null })).toEqual({ a: null })
  expect(composePatches({ a: { b: 1 } }, { a: { b: null, c: 2 } })).toEqual({
    a: { b: null, c: 2 },
  })
})
