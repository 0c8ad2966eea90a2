// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Organization } from '../src/organization.js'
import { BareFace } from '../test/fuzz/bare-face.js'
import { HooksFace } from '../test/fuzz/hooks-face.js'
import { calm } from '../test/fuzz/schedule-kind.js'
import { runSchedules } from '../test/fuzz/schedule.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const minutes = 60_000

test.for(Array.from({ length: 6 }, (_, part) => 10_000 + part * 7250))(
  'the laws hold in 7,250 long schedules over the bare store, from %i',
  { timeout: 10 * minutes },
  async (from) => {
    const counts = await runSchedules(
      { from, count: 7250, steps: 40 },
      (api, random) => new BareFace(api, random, Organization),
    )
    expect(counts.rows).toBeGreaterThan(50_000)
  },
)

test.for(Array.from({ length: 6 }, (_, part) => 60_000 + part * 250))(
  'the laws hold in 250 long schedules over the hooks and SWR, from %i',
  { timeout: 10 * minutes },
  async (from) => {
    const counts = await runSchedules(
      { from, count: 250, steps: 40 },
      (api, random, id) => new HooksFace(api, random, id),
    )
    expect(counts.rows).toBeGreaterThan(1500)
  },
)

test.for(Array.from({ length: 4 }, (_, part) => 1 + part * 1000))(
  'the laws hold in 1,000 calm schedules over the hooks and SWR, from %i',
  { timeout: 10 * minutes },
  async (from) => {
    const counts = await runSchedules(
      { from, count: 1000, steps: 50, kind: calm },
      (api, random, id) => new HooksFace(api, random, id),
    )
    expect(counts.rows).toBeGreaterThan(5000)
  },
)
