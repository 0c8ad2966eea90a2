import { expect, it } from 'vitest'
import { runRevocations } from './support/revocation-schedule.js'

it('a revocation is final in 400 random schedules of four processes with one store', async () => {
  const { wrong, grants, revocations } = await runRevocations(400)
  expect(wrong).toEqual([])
  // A reader that lets nobody in would pass.
  expect(grants).toBeGreaterThan(400)
  expect(revocations).toBeGreaterThan(200)
})
