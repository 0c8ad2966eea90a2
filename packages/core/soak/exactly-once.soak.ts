import { describe, expect, it } from 'vitest'
import { runLossy } from '../test/lossy-runs.js'

describe('behind connections that are cut at random, by the thousand', () => {
  it.each([
    ['create', 2000],
    ['update', 300],
    ['updateMetadata', 300],
    ['delete', 300],
  ] as const)('%s has its effect once and says so truthfully, %d runs', async (kind, runs) => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const { faults, cuts, successes } = await runLossy(kind, runs, seed)
    expect({ seed, faults }).toEqual({ seed, faults: [] })
    expect(cuts).toBeGreaterThan(runs / 20)
    expect(successes).toBeGreaterThan(runs / 20)
  })
})
