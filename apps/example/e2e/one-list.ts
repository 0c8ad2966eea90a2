import { expect } from 'vitest'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { nameOf } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import { startOnFreePort, truthOf } from './running-example.js'

// Twenty pages of the largest that the mounted routes give.
export const large = createDemoOrganization({ members: 2_000 })

export const test = pageTest.extend('example', { scope: 'file' }, async ({}, { onCleanup }) => {
  const example = await startOnFreePort(null, large)
  onCleanup(() => example.close())
  return example
})

// What is in sight, what is kept ready around it, and no more.
const mostRows = 60

export const offsetsOf = (requests: readonly string[]) =>
  requests.flatMap((request) => /limit=100&offset=(\d+)/.exec(request)?.[1] ?? []).map(Number)

/** The whole list in a window of one size. */
export function listFits(viewport: { width: number; height: number }): void {
  test(`in a window ${viewport.width} wide one list is as long as there are members, and its end is a key away`, async ({
    emulator,
    open,
  }) => {
    const { page, screen, requests } = await open('?view=scroll', { viewport })
    await page.getByText('100 of 2,000 loaded').waitFor()
    expect(offsetsOf(requests)).toEqual([0])
    const height = await page.evaluate<number>('document.body.scrollHeight')

    await page.keyboard.press('End')
    // Empty rows hold the place of those that are on their way.
    await page.locator('[data-empty]').first().waitFor()
    await page.getByText('All 2,000 loaded').waitFor()
    const offsets = Array.from({ length: 20 }, (_, index) => index * 100)
    expect(offsetsOf(requests).toSorted((a, b) => a - b)).toEqual(offsets)
    // The founder, who joined first. Rows are measured as they come, so the end moves a little.
    await page.keyboard.press('End')
    await screen.row(large.admin.person.userId).waitFor()
    expect(await page.locator('[data-empty]').count()).toBe(0)
    expect(await screen.rows().count()).toBeLessThan(mostRows)
    const later = await page.evaluate<number>('document.body.scrollHeight')
    expect(Math.abs(later - height) / height).toBeLessThan(0.02)

    const name = nameOf(large.member)
    await screen.roleOf(name).selectOption('org:admin')
    await screen.said(`${name} has the role Admin now`).waitFor()
    const { userId } = large.member.person
    expect(await truthOf(emulator).get({ organizationId: large.id, userId })).toMatchObject({
      role: 'org:admin',
    })
  })
}
