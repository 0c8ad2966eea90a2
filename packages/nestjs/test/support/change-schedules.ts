import * as fc from 'fast-check'
import type { Fate } from './faulty-upstream.js'

export const users = ['user_0', 'user_1', 'user_2', 'user_3'] as const
export const [, , , newcomer] = users

/** One request of one caller, and what happens to its change if it is sent. */
export interface Step {
  /** ms after the schedule has begun */
  readonly at: number
  readonly by: string
  readonly about: string
  readonly operation: 'create' | 'demote' | 'promote' | 'label' | 'delete'
  readonly mount: 'v1' | 'v2'
  readonly fate: Fate
  /** When the caller hangs up, if at all: after so many ms, or as soon as the change was sent. */
  readonly hangUp: number | 'once sent' | undefined
}

export interface Schedule {
  /** How many of the first three users run the organization at first. */
  readonly admins: number
  readonly steps: readonly Step[]
}

/** @param longest ms that a request may be on its way, or come after the schedule has begun */
export function schedulesUpTo(longest: number): fc.Arbitrary<Schedule> {
  const ms = fc.integer({ min: 0, max: longest })
  const fate: fc.Arbitrary<Fate> = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fate>({ kind: 'answered', after: 0 }) },
    {
      weight: 3,
      // Long enough for a caller to hang up meanwhile.
      arbitrary: fc
        .integer({ min: 10, max: 40 })
        .map((after): Fate => ({ kind: 'answered', after })),
    },
    { weight: 2, arbitrary: ms.map((after): Fate => ({ kind: 'late', after })) },
    { weight: 1, arbitrary: ms.map((after): Fate => ({ kind: 'gateway', after })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Fate>({ kind: 'lost' }, { kind: 'never' }, { kind: 'failed' }),
    },
  )
  const step: fc.Arbitrary<Step> = fc.record({
    at: ms,
    by: fc.constantFrom(...users.filter((id) => id !== newcomer)),
    about: fc.constantFrom(...users),
    operation: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<Step['operation']>('delete', 'demote') },
      { weight: 1, arbitrary: fc.constantFrom<Step['operation']>('create', 'promote', 'label') },
    ),
    mount: fc.constantFrom('v1', 'v2'),
    fate,
    hangUp: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: ms },
      { weight: 3, arbitrary: fc.constant('once sent' as const) },
    ),
  })
  return fc.record({
    admins: fc.constantFrom(1, 2, 2, 3, 3),
    steps: fc.array(step, { minLength: 4, maxLength: 8 }),
  })
}
