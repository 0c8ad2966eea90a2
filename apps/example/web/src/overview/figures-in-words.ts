import type { Overview } from './overview.js'

const numbers = new Intl.NumberFormat('en')

/** `10,000` */
export function inNumbers(count: number): string {
  return numbers.format(count)
}

// The backend counts by UTC.
const long = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' })
const short = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** `2026-11` → `November 2026` */
export function longMonth(month: string): string {
  return long.format(new Date(`${month}-01`))
}

/** `2026-11` → `Nov 2026` */
export function shortMonth(month: string): string {
  return short.format(new Date(`${month}-01`))
}

const hours = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** `14:03:59`, where the reader is */
export function inHours(time: number): string {
  return hours.format(time)
}

/** What the picture of the joins says, in a sentence or two. */
export function joinsInWords({ joinedBefore, months }: Overview): string {
  const [first] = months
  const current = months.at(-1)
  if (first === undefined || current === undefined) return ''
  const most = months.reduce((top, month) => (month.joined > top.joined ? month : top), first)
  return [
    `${inNumbers(current.joined)} in ${longMonth(current.month)} so far.`,
    most.joined > 0 && most !== current
      ? `Most in ${longMonth(most.month)}: ${inNumbers(most.joined)}.`
      : '',
    joinedBefore > 0
      ? `${inNumbers(joinedBefore)} were here before ${longMonth(first.month)}.`
      : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}
