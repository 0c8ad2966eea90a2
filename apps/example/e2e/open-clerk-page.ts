import type { Browser, BrowserContextOptions } from 'playwright-core'
import type { Person } from '../api/seed/person.js'
import { type ClerkFrontendApi, password } from './clerk-frontend-api/clerk-frontend-api.js'
import { MembersScreen } from './members-screen.js'
import { openWindow, type Window } from './window.js'

/** The page with `--clerk`, in a window whose Clerk is the stand-in. */
export interface ClerkPage extends Window {
  readonly screen: MembersScreen
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
  options?: BrowserContextOptions,
): Promise<ClerkPage> {
  const { context, page, complaints } = await openWindow(browser, options, (text) =>
    text.includes(developmentNotice),
  )
  await frontendApi.attach(context)
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
