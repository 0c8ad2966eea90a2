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
 * and looks at every row until the one at this place (from 0) is drawn. Where nothing new is drawn for 20 s, says what is.
 */
export function scrollThrough(page: Page, until: number): Promise<Journey> {
  return page.evaluate<Journey>(`new Promise((resolve, reject) => {
    const users = new Set()
    let hasDoubles = false
    let mostRows = 0
    let met = 0
    let since = performance.now()
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
      if (users.size > met) {
        met = users.size
        since = performance.now()
      } else if (performance.now() - since > 20_000) {
        const empty = document.querySelectorAll('[data-empty]').length
        const text = document.querySelector('main').innerText.slice(0, 400)
        reject(new Error('Met ' + met + ', drawn to ' + last?.dataset.index + ', ' + empty + ' empty, at ' + scrollY + ': ' + text))
        return
      }
      scrollBy(0, Math.min(innerHeight, Math.max(0, (last?.getBoundingClientRect().bottom ?? 0) - 1)))
      requestAnimationFrame(step)
    }
    step()
  })`)
}
