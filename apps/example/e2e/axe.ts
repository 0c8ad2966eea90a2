import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds against WCAG 2.2 AA in a part of the page, one line each. */
export async function violations(
  page: Page,
  part: string | { include: string[]; exclude: string[] },
): Promise<string[]> {
  // Through the debugger, not as a script element: the page's own policy forbids those, as it should.
  await page.evaluate(axe.source)
  const tags = JSON.stringify(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
  const { violations: found } = await page.evaluate<axe.AxeResults>(
    `axe.run(${JSON.stringify(part)}, { runOnly: ${tags} })`,
  )
  return found.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`),
  )
}

/** How many pixels are off to the side. */
export function overflowOf(page: Page): Promise<number> {
  const root = 'document.documentElement'
  return page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`)
}
