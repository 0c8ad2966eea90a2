// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { useListWithWrites } from '../support/list-with-writes.js'
import { startOrganization } from '../support/organization.js'
import { probe } from '../support/probe.js'

const keys = fc.constantFrom('a', 'b', '__proto__', 'constructor')
const scalars = fc.constantFrom<unknown>(null, 1, 'text', [1, null], [], true)

/** A JSON object in which every key is the object's own, `__proto__` too, as in parsed JSON. */
const patches = fc
  .letrec<{ object: string; value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalars.map((value) => JSON.stringify(value)),
      tie('object'),
    ),
    object: fc
      .array(fc.tuple(keys, tie('value')), { maxLength: 3 })
      .map((entries) => `{${entries.map(([key, value]) => `"${key}":${value}`).join()}}`),
  }))
  .object.map((text) => JSON.parse(text) as object)

test('6: what a metadata patch shows at once is what the server makes of it', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { emulator } = organization
  const page = probe(
    () => useListWithWrites({}, { revalidateOnWrite: false }),
    ({ list }) => JSON.stringify(list.memberships?.[0]?.publicMetadata ?? null),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('{}'))
  const check = async (patch: object) => {
    const held = emulator.hold({ route: 'updateMetadata' })
    const write = page.value.updateMetadata.trigger({ userId: 'user_1', publicMetadata: patch })
    await held.arrived()
    const shown = page.frames.at(-1)
    held.release()
    const { publicMetadata } = await write
    expect(JSON.parse(shown!)).toEqual(publicMetadata)
    expect(page.frames.at(-1)).toBe(JSON.stringify(publicMetadata))
  }
  await check({ a: { b: null, c: 1 } })
  await fc.assert(fc.asyncProperty(patches, check), { numRuns: 60 })
})
