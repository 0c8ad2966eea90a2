import { expect, test } from 'vitest'
import { Organization } from '../src/organization.js'
import { runSchedules } from './fuzz/schedule.js'

test('33: 500 random schedules show what the server has, before any refetch, and leave no log', async () => {
  const counts = await runSchedules({ from: 1, count: 500, steps: 60 }, Organization)
  // A run that checks nothing would pass as well.
  expect(counts.rows).toBeGreaterThan(2000)
  expect(counts.checks).toBeGreaterThan(10_000)
}, 60_000)

test.for([
  [10_043, 'a create told that there was nobody before, and was joined with later writes'],
  [29_960, 'somebody was removed from another page and added again on this one'],
] as const)('seed %i: %s', async ([seed]) => {
  const outcome = await runSchedules({ from: seed, count: 1, steps: 80 }, Organization).then(
    () => 'holds',
    (error: Error) => error.message,
  )
  // A single schedule may have few exact pages; it must not have a wrong one.
  expect(outcome).toMatch(/^(holds|Only )/)
})
