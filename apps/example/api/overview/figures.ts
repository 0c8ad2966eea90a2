import type { RosterEntry, RosterReading } from './roster.js'

/** The organization in figures. */
export interface Overview {
  readonly total: number
  /** The role that most have first. */
  readonly roles: readonly RoleFigure[]
  /** Those who joined before the first of `months`. */
  readonly joinedBefore: number
  /** Oldest first, and none left out: at most three years, at least one. */
  readonly months: readonly MonthFigure[]
  /** Where the API could not be asked now: since when nobody knows whether this is still true, ms since the epoch. */
  readonly uncheckedSince: number | null
}

export interface RoleFigure {
  readonly role: string
  readonly name: string
  readonly count: number
}

export interface MonthFigure {
  /** `2026-11`, UTC */
  readonly month: string
  /** How many of today's members joined then. */
  readonly joined: number
}

const mostMonths = 36
const fewestMonths = 12

/** Counts who is there. */
export function overviewOf(roster: RosterReading, now: number): Overview {
  const entries = [...roster.entries.values()]
  return {
    total: entries.length,
    roles: countRoles(entries),
    ...countMonths(
      entries.map(({ joinedAt }) => monthOf(joinedAt)),
      monthOf(now),
    ),
    uncheckedSince: roster.uncheckedSince,
  }
}

function countRoles(entries: readonly RosterEntry[]): RoleFigure[] {
  const figures = new Map<string, RoleFigure>()
  for (const { role, roleName } of entries) {
    const count = (figures.get(role)?.count ?? 0) + 1
    figures.set(role, { role, name: roleName, count })
  }
  return [...figures.values()].toSorted((a, b) => b.count - a.count || a.role.localeCompare(b.role))
}

/** Months are counted from the year 0 here, so that the one after another is one more. */
function countMonths(
  joins: readonly number[],
  current: number,
): Pick<Overview, 'joinedBefore' | 'months'> {
  const counts = new Map<number, number>()
  let first = current - fewestMonths + 1
  // A server whose clock is ahead of ours may have put a join into the next month.
  let last = current
  for (const month of joins) {
    counts.set(month, (counts.get(month) ?? 0) + 1)
    first = Math.min(first, month)
    last = Math.max(last, month)
  }
  const shownFrom = Math.max(first, last - mostMonths + 1)
  const months = Array.from({ length: last - shownFrom + 1 }, (_, index) => ({
    month: monthName(shownFrom + index),
    joined: counts.get(shownFrom + index) ?? 0,
  }))
  const shown = months.reduce((sum, { joined }) => sum + joined, 0)
  return { joinedBefore: joins.length - shown, months }
}

function monthOf(time: number): number {
  const date = new Date(time)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function monthName(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
}
