import type { Emulator } from '@org-memberships/emulator'

/** How the emulator behaves: at its best, slowly, or refusing every change with 500. */
export const conditions = ['fair', 'slow', 'failing'] as const

export type Condition = (typeof conditions)[number]

/** Lets a reader of the demo try what a bad day feels like. */
export interface ConditionSwitch {
  readonly current: Condition
  set(condition: Condition): void
}

// How long a request takes while it is slow, ms. One change asks the emulator up to three times: who the caller is,
// whether an admin would be left, and the change itself.
const slowness = 700

export function createConditionSwitch(emulator: Emulator): ConditionSwitch {
  let current: Condition = 'fair'
  let refusal: ReturnType<Emulator['failNext']> | undefined
  return {
    get current() {
      return current
    },
    set(condition) {
      current = condition
      emulator.latency = condition === 'slow' ? slowness : 0
      refusal?.cancel()
      refusal =
        condition === 'failing'
          ? emulator.failNext({
              route: ['create', 'update', 'updateMetadata', 'delete'],
              status: 500,
              times: Infinity,
            })
          : undefined
    },
  }
}
