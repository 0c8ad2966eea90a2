import type { Page } from 'playwright-core'

/**
 * Notes what a member's row says in each frame that the browser draws: `Admin, Cartographer`, or `gone`.
 *
 * @returns reads what was drawn so far, the newest frame included, without repetitions in a row
 */
export async function watchRow(page: Page, userId: string): Promise<() => Promise<string[]>> {
  const watch = await page.evaluateHandle<{ read(): Promise<string[]> }>(`(() => {
    const drawn = []
    const readers = []
    const look = () => {
      const row = document.querySelector('[data-user-id="${userId}"]')
      const role = (row?.querySelector('select')?.selectedOptions[0].label ??
        row?.querySelector('td:nth-child(3)')?.textContent)
      const title = row?.querySelector('td:nth-child(2)').firstChild.textContent
      const text = row === null ? 'gone' : role + ', ' + title
      if (drawn.at(-1) !== text) drawn.push(text)
      for (const resolve of readers.splice(0)) resolve(drawn)
      requestAnimationFrame(look)
    }
    look()
    return { read: () => new Promise((resolve) => readers.push(resolve)) }
  })()`)
  return () => watch.evaluate(({ read }) => read())
}
