import type { Random } from './random.js'

const day = 24 * 60 * 60 * 1000
const monthCount = 36

/** Hires of a calendar month beside the others': few in summer and at the end of the year. */
const seasons = [1.25, 1.15, 1.1, 1, 1, 0.9, 0.6, 0.7, 1.3, 1.15, 1, 0.5]

/** Each month the organization takes in so much more than the month before. */
const growth = 1.055

/** Counted from the beginning. The first: another company came along whole. The others: nobody was hired. */
const merger = 20
const freeze: ReadonlySet<number> = new Set([25, 26, 27])

/**
 * When each member joined, oldest first: in the three years before the day of `until`, on working days and in working
 * hours, as an organization grows that does well, merges with another, and has a lean quarter.
 */
export function joinDates(count: number, until: number, random: Random): number[] {
  const months = monthsBefore(startOfDay(until))
  const total = months.reduce((sum, { weight }) => sum + weight, 0)
  const drawDay = (): number => {
    for (;;) {
      let ticket = random.next() * total
      const { start, end } =
        months.find(({ weight }) => (ticket -= weight) < 0) ?? random.pick(months)
      const date = startOfDay(start + random.next() * (end - start))
      const weekday = new Date(date).getUTCDay()
      if (weekday !== 0 && weekday !== 6) return date
    }
  }
  return Array.from({ length: count }, () => {
    const minute = random.integer(8 * 60, 17 * 60)
    return drawDay() + minute * 60_000 + random.integer(0, 59_999)
  }).toSorted((a, b) => a - b)
}

export function startOfDay(time: number): number {
  return Math.floor(time / day) * day
}

/** Calendar months; the last ends with `until`, and weighs as much as has passed of it. */
function monthsBefore(until: number): { start: number; end: number; weight: number }[] {
  const last = new Date(until - 1)
  return Array.from({ length: monthCount }, (_, index) => {
    const month = last.getUTCMonth() - (monthCount - 1) + index
    const start = Date.UTC(last.getUTCFullYear(), month)
    const whole = Date.UTC(last.getUTCFullYear(), month + 1)
    const end = Math.min(whole, until)
    const passed = (end - start) / (whole - start)
    const season = seasons[new Date(start).getUTCMonth()] ?? 1
    return { start, end, weight: growth ** index * season * eventOf(index) * passed }
  })
}

function eventOf(index: number): number {
  if (index === merger) return 3.5
  return freeze.has(index) ? 0.25 : 1
}
