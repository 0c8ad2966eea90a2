import type { launchBrowser } from '../../../apps/example/e2e/browser.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** By the example's global setup, which the soak runs too. */
    chromiumPath: string
  }
}

export type Browser = Awaited<ReturnType<typeof launchBrowser>>
export type Page = Awaited<ReturnType<Browser['newPage']>>

/** The members page in a real browser, and all that came with it. */
export interface Visit extends AsyncDisposable {
  readonly page: Page
  /** `bob@example.com: org:member`, in the order of the page. */
  rows(): Promise<string[]>
  /** Errors and warnings of the console, uncaught errors, and requests to elsewhere. */
  readonly complaints: string[]
  /** What the page asked the route handlers, such as `GET /organizations/org_acme/memberships?limit=25&offset=0`. */
  readonly calls: string[]
  /** Headers and bodies of all that the browser received, scripts left out. */
  received(): Promise<string>
}

export async function visit(browser: Browser, origin: string, token: string): Promise<Visit> {
  const context = await browser.newContext()
  await context.addCookies([{ name: '__session', value: token, url: origin }])
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  const calls: string[] = []
  const answers: Promise<string>[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin) complaints.push(`A request to ${url.origin}`)
    const [, path] = url.pathname.split('/api/v1')
    if (path !== undefined) calls.push(`${request.method()} ${path}${url.search}`)
  })
  page.on('response', (response) => {
    if (response.url().includes('/_next/static/')) return
    const headers = JSON.stringify(response.headers())
    answers.push(response.text().then((body) => `${response.url()}\n${headers}\n${body}`, String))
  })
  await page.goto(`${origin}/members`)
  return {
    page,
    rows: async () => {
      const texts = await page.locator('li').allTextContents()
      return texts.map((text) => text.replace(/ Make admin.*/, ''))
    },
    complaints,
    calls,
    received: async () => (await Promise.all(answers)).join('\n\n'),
    [Symbol.asyncDispose]: () => context.close(),
  }
}
