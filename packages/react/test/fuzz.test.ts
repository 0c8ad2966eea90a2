import { expect, test } from 'vitest'
import { OrganizationStore } from '../src/organization-store.js'
import { runSchedules } from './fuzz/schedule.js'

test('33: 500 random schedules show what the server has, before any refetch, and leave no log', async () => {
  const counts = await runSchedules({ from: 1, count: 500, steps: 60 }, OrganizationStore)
  // A run that checks nothing would pass as well.
  expect(counts.rows).toBeGreaterThan(2000)
  expect(counts.checks).toBeGreaterThan(10_000)
}, 60_000)
