import { expect, it } from 'vitest'
import { runSchedules } from '../test/support/run-schedules.js'

// Batches, since each has an app of its own.
it.each([
  ['that last a moment', { batches: 8, count: 200 }],
  ['with retries', { batches: 2, count: 200, longest: 1_500, maxRetries: 2 }],
])(
  'random schedules %s leave each organization an admin, and send no change of one who may not',
  async (_, { batches, ...options }) => {
    const first = Number(process.env.SCHEDULES_SEED ?? Math.floor(Math.random() * 2 ** 30))
    console.log(`SCHEDULES_SEED=${first}`)
    for (let seed = first; seed < first + batches; seed += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one app at a time
      const { broken } = await runSchedules({ seed, ...options })
      expect(broken, `to repeat it: SCHEDULES_SEED=${seed}`).toEqual([])
    }
  },
)
