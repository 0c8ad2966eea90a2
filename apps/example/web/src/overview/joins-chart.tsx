import { Box, VisuallyHidden } from '@mantine/core'
import { inNumbers, longMonth, shortMonth } from './figures-in-words.js'
import classes from './joins-chart.module.css'
import type { Overview } from './overview.js'

/** Joins by month: bars, and the same as a table for whoever does not see them. */
export function JoinsChart({ overview: { months } }: { overview: Overview }) {
  const top = topOfAxis(Math.max(...months.map(({ joined }) => joined), 1))
  return (
    <>
      <div className={classes.chart} aria-hidden>
        <div className={classes.axis}>
          <span>{inNumbers(top)}</span>
          <span>{inNumbers(top / 2)}</span>
          <span>0</span>
        </div>
        <div className={classes.plot}>
          {months.map(({ month, joined }) => (
            <div
              key={month}
              className={classes.month}
              title={`${longMonth(month)}: ${inNumbers(joined)}`}
            >
              <Box className={classes.bar} h={`${(100 * joined) / top}%`} />
              {/-0[17]$/.test(month) && <span className={classes.label}>{shortMonth(month)}</span>}
            </div>
          ))}
        </div>
      </div>
      <VisuallyHidden>
        <table>
          <caption>Members by the month in which they joined</caption>
          <thead>
            <tr>
              <th scope="col">Month</th>
              <th scope="col">Joined</th>
            </tr>
          </thead>
          <tbody>
            {months.map(({ month, joined }) => (
              <tr key={month} data-month={month}>
                <th scope="row">{longMonth(month)}</th>
                <td>{inNumbers(joined)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </>
  )
}

/** The next of 2, 4, 6, 8, 10, 20, 40, … : its half is a whole number too. */
function topOfAxis(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most))
  return Math.max(2, [2, 4, 6, 8, 10].map((step) => step * power).find((top) => top >= most) ?? 2)
}
