import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { VisuallyHidden } from '@mantine/core'
import { inNumbers, longMonth, shortMonth } from './figures-in-words.js'
import type { Overview } from './overview.js'
import { drawingHeight } from './overview-columns.js'

/** Joins by month: a picture, and the same as a table for whoever does not see it. */
export function JoinsChart({ overview: { months } }: { overview: Overview }) {
  return (
    <>
      <BarChart
        aria-hidden
        // The table says it all, so there is nothing here to reach with a keyboard.
        accessibilityLayer={false}
        h={drawingHeight}
        data={months}
        dataKey="month"
        series={[{ name: 'joined', label: 'Joined', color: 'var(--mantine-primary-color-filled)' }]}
        valueFormatter={inNumbers}
        tickLine="none"
        xAxisProps={{
          // Half years, as many of them as there is room for.
          ticks: months.flatMap(({ month }) => (/-0[17]$/.test(month) ? month : [])),
          tickFormatter: shortMonth,
          interval: 'equidistantPreserveStart',
          minTickGap: 12,
        }}
        yAxisProps={{ width: 40, allowDecimals: false, tickCount: 4 }}
        // Room for the topmost figure of the axis.
        barChartProps={{ margin: { top: 8 } }}
        barProps={{ radius: [3, 3, 0, 0] }}
        tooltipProps={{ labelFormatter: (month) => longMonth(String(month)) }}
        maxBarWidth={26}
      />
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
