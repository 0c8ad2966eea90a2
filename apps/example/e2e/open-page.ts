import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { MembersScreen } from './members-screen.js'
import { openWindow } from './window.js'

/** A page, and all that came with it. */
export interface OpenedPage {
  readonly screen: MembersScreen
  readonly page: Page
  /** Errors and warnings of the console, uncaught errors, and requests that could not be made. */
  readonly complaints: string[]
  /** `GET /api/people?query=ann`, in order. */
  readonly requests: string[]
  /** All that the browser received, scripts left out. */
  received(): Promise<string>
  close(): Promise<void>
}

/** Opens the members page in a window of its own and waits until it shows members. */
export async function openPage(
  browser: Browser,
  url: string,
  options?: BrowserContextOptions,
): Promise<OpenedPage> {
  const { context, page, complaints } = await openWindow(browser, options)
  const requests: string[] = []
  const bodies: Promise<string>[] = []
  page.on('request', (request) => {
    const { origin, pathname, search } = new URL(request.url())
    requests.push(`${request.method()} ${pathname}${search}`)
    if (origin !== new URL(url).origin) complaints.push(`A request to ${origin}`)
  })
  page.on('response', (response) => {
    if (response.url().includes('/assets/')) return
    const headers = JSON.stringify(response.headers())
    bodies.push(response.text().then((body) => `${response.url()}\n${headers}\n${body}`, String))
  })
  await page.goto(url)
  const screen = new MembersScreen(page)
  await screen.rows().first().waitFor()
  return {
    screen,
    page,
    complaints,
    requests,
    received: async () => (await Promise.all(bodies)).join('\n\n'),
    close: () => context.close(),
  }
}
