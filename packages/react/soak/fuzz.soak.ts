import { expect, test } from 'vitest'
import { Organization } from '../src/organization.js'
import { runSchedules } from '../test/fuzz/schedule.js'

test('33: 4,500 long random schedules show what the server has, before any refetch, and leave no log', async () => {
  const counts = await runSchedules({ from: 10_000, count: 4500, steps: 80 }, Organization)
  expect(counts.rows).toBeGreaterThan(40_000)
})
