import type { Page } from 'playwright-core'

/** What was met on the way through a list that is drawn as it is scrolled. */
export interface Journey {
  /** Ids of the users in the order in which they were drawn. */
  readonly users: string[]
  /** Whether one frame held somebody twice. */
  readonly hasDoubles: boolean
  /** The most rows that the page held in one frame. */
  readonly mostRows: number
}

/**
 * Scrolls down from where the page is, a window's height a frame at most and never past a row that is not drawn yet,
 * and looks at every row until the one at this place (from 0) is drawn.
 */
export function scrollThrough(page: Page, until: number): Promise<Journey> {
  return page.evaluate<Journey>(`new Promise((resolve) => {
    const users = new Set()
    let hasDoubles = false
    let mostRows = 0
    const step = () => {
      const rows = [...document.querySelectorAll('[data-user-id]')]
      const drawn = rows.map((row) => row.dataset.userId)
      for (const userId of drawn) users.add(userId)
      hasDoubles ||= new Set(drawn).size < drawn.length
      mostRows = Math.max(mostRows, drawn.length)
      const last = rows.at(-1)
      if (Number(last?.dataset.index) >= ${until}) {
        resolve({ users: [...users], hasDoubles, mostRows })
        return
      }
      scrollBy(0, Math.min(innerHeight, Math.max(0, (last?.getBoundingClientRect().bottom ?? 0) - 1)))
      requestAnimationFrame(step)
    }
    step()
  })`)
}
