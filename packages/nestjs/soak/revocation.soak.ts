import { expect, it } from 'vitest'
import { runRevocations } from '../test/support/revocation-schedule.js'

it('a revocation is final in 4,000 random schedules of four processes with one store', async () => {
  const { wrong, grants, revocations } = await runRevocations(4000)
  expect(wrong).toEqual([])
  // A reader that lets nobody in would pass.
  expect(grants).toBeGreaterThan(4000)
  expect(revocations).toBeGreaterThan(2000)
})
