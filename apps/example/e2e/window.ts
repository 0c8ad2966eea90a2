import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { test as base } from 'vitest'
import { launchBrowser } from './browser.js'

/** A window of its own, and what its console complained of. */
export interface Window {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors and warnings of the console, and uncaught errors. */
  readonly complaints: string[]
}

/**
 * Opens an empty window.
 *
 * @param isExpected what the console may say
 */
export async function openWindow(
  browser: Browser,
  options: BrowserContextOptions = { viewport: { width: 1280, height: 900 } },
  isExpected: (text: string) => boolean = () => false,
): Promise<Window> {
  // Dialogs come and go at once for those who ask for it, and so for a test.
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    if (!isExpected(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  return { context, page, complaints }
}

/** A test with one browser for its file. */
export const test = base
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchBrowser()
    onCleanup(() => browser.close())
    return browser
  })
  // Statuses that the browser may complain of: those with which the server is meant to refuse something.
  .extend('refusals', (): readonly number[] => [])

/** @throws Error where a console was not clean, but for these refusals */
export function assertClean(
  windows: readonly Pick<Window, 'complaints'>[],
  refusals: readonly number[],
): void {
  const expected = refusals.map((status) => `responded with a status of ${status} `)
  const complaints = windows
    .flatMap((one) => one.complaints)
    .filter((complaint) => !expected.some((line) => complaint.includes(line)))
  if (complaints.length > 0) throw new Error(`The console is not clean:\n${complaints.join('\n')}`)
}
