import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { Person } from '../api/seed/person.js'
import { type ClerkFrontendApi, password } from './clerk-frontend-api/clerk-frontend-api.js'
import { MembersScreen } from './members-screen.js'

/** The page with `--clerk`, in a window whose Clerk is the stand-in. */
export interface ClerkPage {
  readonly context: BrowserContext
  readonly page: Page
  readonly screen: MembersScreen
  /** Errors and warnings of the console, and uncaught errors. */
  readonly complaints: string[]
  /** Through Clerk's own components. */
  signIn(person: Person): Promise<void>
  signOut(): Promise<void>
}

// What Clerk's script says wherever a development instance is used.
const developmentNotice = 'Clerk has been loaded with development keys'

export async function openClerkPage(
  browser: Browser,
  frontendApi: ClerkFrontendApi,
  address: string,
  options: BrowserContextOptions = { viewport: { width: 1280, height: 900 } },
): Promise<ClerkPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  await frontendApi.attach(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return
    if (!message.text().includes(developmentNotice)) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(address)
  return {
    context,
    page,
    screen: new MembersScreen(page),
    complaints,
    async signIn({ emailAddress }) {
      const next = page.getByRole('button', { name: 'Continue', exact: true })
      await page.getByLabel('Email address').fill(emailAddress)
      await next.click()
      await page.getByRole('textbox', { name: 'Password' }).fill(password)
      await next.click()
    },
    async signOut() {
      await page.getByRole('button', { name: 'Open user menu' }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByLabel('Email address').waitFor()
    },
  }
}
