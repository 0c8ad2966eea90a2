import type { Page } from 'playwright-core'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { test as pageTest } from './page-test.js'
import { startOnFreePort } from './running-example.js'

// The walk past all of the rows is in soak: drawing 10,000 of them takes a while.
export const large = createDemoOrganization({ members: 10_000 })
export const newestFirst = large.memberships.toReversed()
export const users = newestFirst.map(({ person }) => person.userId)

export const test = pageTest.extend('example', { scope: 'file' }, async ({}, { onCleanup }) => {
  const example = await startOnFreePort(null, large)
  onCleanup(() => example.close())
  return example
})

// What is in sight, what is kept ready around it, and no more.
export const mostRows = 60

export const scrollTo = (page: Page, share: number) =>
  page.evaluate(`scrollTo(0, ${share} * document.body.scrollHeight)`)
export const placeOfFirstRow = (page: Page) =>
  page.evaluate<number>(`Number(document.querySelector('[data-user-id]').dataset.index)`)
