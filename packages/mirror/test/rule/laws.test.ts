import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Laws } from './laws.js'
import { mutants } from './mutants.js'
import { modes } from './upstream.js'

const firstSeed = Number(process.env.MIRROR_SEED ?? 1)
let laws: Laws

beforeAll(async () => {
  laws = await Laws.open()
})
afterAll(() => laws.close())

it.each(modes)('80 schedules hold the laws: $name', async (mode) => {
  const { violations, naive, guarded } = await laws.run(mode, firstSeed, 80)
  expect(violations).toEqual([])
  expect(naive.wrong + guarded.wrong).toBeGreaterThan(0)
  expect(naive.resurrected).toBeGreaterThan(0)
})

describe('a mutant of the rule is noticed', () => {
  it.each(mutants)('$name', async (mutant) => {
    const mode = modes.find(({ name }) => name === mutant.noticedBy.mode)!
    expect(await laws.notice(mutant, mode)).toMatch(/law/)
  })
})
