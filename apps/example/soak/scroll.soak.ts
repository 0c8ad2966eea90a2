import { expect, test } from 'vitest'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { launchBrowser } from '../e2e/browser.js'
import { openPage } from '../e2e/open-page.js'
import { startOnFreePort } from '../e2e/running-example.js'
import { scrollThrough } from '../e2e/scroll-through.js'

test('10,000 members are scrolled from the first to the last: each is drawn once and in order, few at a time', async () => {
  const organization = createDemoOrganization({ members: 10_000 })
  const example = await startOnFreePort(null, organization)
  const browser = await launchBrowser()
  try {
    // High, so that a frame takes many rows.
    const viewport = { width: 1280, height: 2_700 }
    const opened = await openPage(browser, `${example.url}/?view=scroll`, { viewport })
    const { users, hasDoubles, mostRows } = await scrollThrough(opened.page, 9_999)

    const newestFirst = organization.memberships.toReversed()
    expect(users).toEqual(newestFirst.map(({ person }) => person.userId))
    expect(hasDoubles).toBe(false)
    expect(mostRows).toBeLessThan(90)
    expect(opened.complaints).toEqual([])
  } finally {
    await browser.close()
    await example.close()
  }
})
