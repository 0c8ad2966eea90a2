import { mergeMetadata } from '@org-memberships/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { patchBetween, readMetadataEdit } from '../web/src/members/metadata-patch.js'

type JSONObject = { [key: string]: unknown }

// Few keys, so that both sides meet in them, and the ones that objects treat specially.
const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString')
const { object } = fc.letrec<{ value: unknown; object: JSONObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(0, 1, '', 'x', true, false),
    fc.array(fc.constantFrom(null, 1, 'x'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((entries) =>
      JSON.parse(
        `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`,
      ),
    ),
}))

test('the patch of an edit leads from what is stored to what was typed', () => {
  fc.assert(
    fc.property(object, object, (current, edited) => {
      const patch = patchBetween(current, edited)
      expect(JSON.stringify(sorted(mergeMetadata(current, patch)))).toBe(
        JSON.stringify(sorted(edited)),
      )
    }),
    { numRuns: 2_000 },
  )
})

test('what did not change is not sent', () => {
  fc.assert(
    fc.property(object, (current) => {
      expect(Object.keys(patchBetween(current, structuredClone(current)))).toEqual([])
    }),
  )
})

test('a key that was taken out or set to null becomes null, deep down too', () => {
  expect(
    readMetadataEdit(
      { a: 1, b: 2, office: { city: 'Oslo', floor: 3 } },
      '{"b":null,"office":{"city":"Oslo"}}',
    ),
  ).toEqual({ ok: true, patch: { a: null, b: null, office: { floor: null } }, changes: 3 })
})

test('an array is replaced whole', () => {
  expect(readMetadataEdit({ tags: ['x', 'y'] }, '{"tags":["x"]}')).toEqual({
    ok: true,
    patch: { tags: ['x'] },
    changes: 1,
  })
})

test.each([
  ['{"a":', /^This is not JSON yet/],
  ['', /^This is not JSON yet/],
  ['[1]', /this is an array/],
  ['null', /this is null/],
  ['"text"', /this is a string/],
  ['7', /this is a number/],
])('%s is refused in words', (text, says) => {
  const reading = readMetadataEdit({ a: 1 }, text)

  expect(reading).toMatchObject({ ok: false, message: expect.stringMatching(says) })
})

/** With keys in one order, so that two objects with the same content print alike. Entries keep `__proto__` a key. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => [k, sorted(v)])
}
