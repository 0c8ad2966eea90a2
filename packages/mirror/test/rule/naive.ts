import type { MembershipEvent } from './upstream.js'

/** What handlers of webhooks usually do, to see what it costs. */
export interface PayloadTable {
  readonly rows: ReadonlyMap<string, number>
  receive(event: MembershipEvent): void
}

/** Stores each payload as it comes. */
export function naiveUpsert(): PayloadTable {
  const rows = new Map<string, number>()
  return {
    rows,
    receive({ userId, kind, index }) {
      if (kind === 'deleted') rows.delete(userId)
      else rows.set(userId, index)
    },
  }
}

/** Stores a payload unless the row has a newer `updated_at`; a deletion always counts. */
export function guardedUpsert(): PayloadTable {
  const rows = new Map<string, number>()
  const times = new Map<string, number>()
  return {
    rows,
    receive({ userId, kind, index, membership }) {
      if (kind === 'deleted') {
        rows.delete(userId)
        times.delete(userId)
      } else if (membership.updatedAt >= (times.get(userId) ?? 0)) {
        rows.set(userId, index)
        times.set(userId, membership.updatedAt)
      }
    },
  }
}
