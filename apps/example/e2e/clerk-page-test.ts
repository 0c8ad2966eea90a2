import { createEmulator } from '@org-memberships/emulator'
import type { BrowserContextOptions } from 'playwright-core'
import { demoSeed } from '../api/seed/demo-seed.js'
import { ClerkFrontendApi } from './clerk-frontend-api/clerk-frontend-api.js'
import { type ClerkPage, openClerkPage } from './open-clerk-page.js'
import { demo, startOnFreePort } from './running-example.js'
import { assertClean, test as base } from './window.js'

const [candidate] = demo.candidates
if (candidate === undefined) throw new Error('The demo is too small.')

/** Has an account, and is no member. */
export const stranger = candidate

/** A role that may not see who else is there. Nobody has it at first. */
export const guest = { key: 'org:guest', name: 'Guest', permissions: [] }

/**
 * A test of the page with `--clerk`: Clerk's real script and components from npm, in as many windows as the test opens.
 * The emulator plays the Backend API and signs the tokens; the frontend API is a stand-in.
 */
export const test = base
  .extend('clerk', async ({}, { onCleanup }) => {
    const clerk = await createEmulator({ seed: { ...demoSeed(demo), roles: [guest] } })
    onCleanup(() => clerk.close())
    return clerk
  })
  .extend('frontendApi', ({ clerk }) => {
    const people = [demo.admin, demo.member].map(({ person }) => person)
    return new ClerkFrontendApi(clerk, [...people, stranger])
  })
  .extend('url', async ({ clerk, frontendApi }, { onCleanup }) => {
    const example = await startOnFreePort({
      apiOrigin: clerk.origin,
      secretKey: clerk.secretKey,
      publishableKey: frontendApi.publishableKey,
      issuer: frontendApi.origin,
      organizationId: demo.id,
      authorizedParties: [],
    })
    onCleanup(() => example.close())
    return example.url
  })
  .extend('open', async ({ browser, frontendApi, refusals, url }, { onCleanup }) => {
    const opened: ClerkPage[] = []
    onCleanup(async () => {
      await Promise.all(opened.map(({ context }) => context.close()))
      assertClean(opened, refusals)
      if (frontendApi.strays.length > 0)
        throw new Error(`The page tried to reach ${frontendApi.strays.join(', ')}.`)
    })
    return async (address = url, options?: BrowserContextOptions): Promise<ClerkPage> => {
      const one = await openClerkPage(browser, frontendApi, address, options)
      opened.push(one)
      return one
    }
  })
