import { expect, it } from 'vitest'
import { runSchedules } from './support/run-schedules.js'

// Many more are in soak/changes.soak.ts.
const count = 150

it(`${count} random schedules leave each organization an admin, and send no change of one who may not`, async () => {
  const seed = Number(process.env.SCHEDULES_SEED ?? Math.floor(Math.random() * 2 ** 31))
  const { broken, outcomes, sent, downToOne } = await runSchedules({ seed, count })
  expect(broken, `to repeat it: SCHEDULES_SEED=${seed}`).toEqual([])
  // They reach what they are about: changes, refusals of each kind, and the edge of losing the last admin.
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining([200, 400, 403, 502, 503, 'hung up']))
  expect(sent).toBeGreaterThan(count)
  expect(downToOne).toBeGreaterThan(count / 10)
}, 120_000)
