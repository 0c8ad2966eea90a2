import { createEmulator, type Emulator } from '@org-memberships/emulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoSeed } from '../api/seed/demo-seed.js'
import type { Example } from '../api/start-example.js'
import { launchBrowser } from './browser.js'
import { demo, startOnFreePort } from './running-example.js'

// An emulator plays Clerk: the same API at the address that the options name.
const issuer = 'https://clerk.example.com'
const azp = 'https://app.example.com'
let clerk: Emulator
let example: Example
let browser: Browser
let page: Page

beforeAll(async () => {
  clerk = await createEmulator({ seed: demoSeed(demo) })
  ;[example, browser] = await Promise.all([
    startOnFreePort({
      apiOrigin: clerk.origin,
      secretKey: clerk.secretKey,
      organizationId: demo.id,
      issuer,
      authorizedParties: [azp],
    }),
    launchBrowser(),
  ])
  page = await browser.newPage()
})
afterAll(async () => {
  await browser.close()
  await example.close()
  await clerk.close()
})

test('with real Clerk the reader brings a session token, and is told when it is not accepted', async () => {
  await page.goto(example.url)
  await page.getByText('These are real members').waitFor()
  await page.getByLabel('Session token').fill('not.a.token')
  await page.getByRole('button', { name: 'Show the members' }).click()
  await page.getByText('You are not signed in').waitFor()

  await page.getByRole('button', { name: 'Use another token' }).click()
  const { userId } = demo.member.person
  const token = await clerk.createSessionToken({ userId, azp, iss: issuer })
  await page.getByLabel('Session token').fill(token)
  await page.getByRole('button', { name: 'Show the members' }).click()

  await page.getByText('1–25 of 250').waitFor()
  expect(await page.locator('[data-user-id]').count()).toBe(25)
  // Nothing there can be ordered to be slow.
  expect(await page.getByText('Try it on a bad day').count()).toBe(0)
})
