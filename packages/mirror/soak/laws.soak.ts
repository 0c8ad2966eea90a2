import { expect, it, onTestFinished } from 'vitest'
import { Laws } from '../test/rule/laws.js'
import { modes } from '../test/rule/upstream.js'

// `pnpm soak:long` runs 10,000 schedules in all.
const count = Number(process.env['MIRROR_SCHEDULES'] ?? 1000) / modes.length
const firstSeed = Number(process.env['MIRROR_SEED'] ?? Date.now() % 1_000_000)

it.each(modes)(
  'schedules hold the laws: $name',
  async (mode) => {
    const laws = await Laws.open()
    onTestFinished(() => laws.close())
    const { violations, naive, guarded } = await laws.run(mode, firstSeed, count)
    console.log(
      `${mode.name}: ${count} schedules from seed ${firstSeed}. Laws broken ${violations.length}. ` +
        `Wrong when all is quiet: naive upsert ${naive.wrong}, guarded by updated_at ${guarded.wrong}. ` +
        `Showed a removed member: naive ${naive.resurrected}, guarded ${guarded.resurrected}.`,
    )
    expect(violations).toEqual([])
  },
  3_600_000,
)
