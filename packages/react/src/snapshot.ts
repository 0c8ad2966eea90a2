import { toPlainJSON } from '@org-memberships/core/contract'

/** Metadata as core sends it, taken when a write is triggered: what the caller changes afterwards does not change the write. */
export function snapshotJSON(value: unknown, parameter: string): unknown {
  return toPlainJSON(value, parameter)
}
