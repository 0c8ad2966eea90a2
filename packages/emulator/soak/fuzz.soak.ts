import { expect, it } from 'vitest'
import { fuzz } from '../test/fuzz/fuzz.js'

it('stands 100,000 hostile requests', async () => {
  const seed = Date.now() >>> 0
  const { complaints } = await fuzz(seed, 100_000)
  expect(complaints, `seed ${seed}`).toEqual([])
})
