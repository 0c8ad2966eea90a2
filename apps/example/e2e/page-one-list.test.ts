import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { nameOf } from './demo-members.js'
import { test as pageTest } from './page-test.js'
import { createDemoOrganization } from '../api/seed/demo-organization.js'
import { startOnFreePort, truthOf } from './running-example.js'

// Four pages of the API's largest.
const large = createDemoOrganization({ members: 2_000 })

const test = pageTest.extend('example', { scope: 'file' }, async ({}, { onCleanup }) => {
  const example = await startOnFreePort(null, large)
  onCleanup(() => example.close())
  return example
})

// What is in sight, what is kept ready around it, and no more.
const mostRows = 60

const offsetsOf = (requests: readonly string[]) =>
  requests.flatMap((request) => /limit=500&offset=(\d+)/.exec(request)?.[1] ?? []).map(Number)

const scrollTo = (page: Page, share: number) =>
  page.evaluate(`scrollTo(0, document.body.scrollHeight * ${share})`)

describe.each([
  ['a wide', { width: 1280, height: 900 }],
  ['a narrow', { width: 390, height: 844 }],
])('one list in %s window', (_name, viewport) => {
  test('is as long as there are members, and its end is a key away', async ({ emulator, open }) => {
    const { page, screen, requests } = await open('?view=scroll', { viewport })
    await page.getByText('500 of 2,000 loaded').waitFor()
    expect(offsetsOf(requests)).toEqual([0])
    const height = await page.evaluate<number>('document.body.scrollHeight')

    await page.keyboard.press('End')
    // Empty rows hold the place of those that are on their way.
    await page.locator('[data-empty]').first().waitFor()
    await page.getByText('All 2,000 loaded').waitFor()
    expect(offsetsOf(requests).toSorted((a, b) => a - b)).toEqual([0, 500, 1_000, 1_500])
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
})

test('loads what is scrolled to, a little ahead, and nothing beyond', async ({ open }) => {
  const { page, requests } = await open('?view=scroll')
  await page.getByText('500 of 2,000 loaded').waitFor()

  // Row 400 is near enough to the end of what is loaded.
  await scrollTo(page, 0.2)
  await page.getByText('1,000 of 2,000 loaded').waitFor()
  await scrollTo(page, 0.6)
  await page.getByText('1,500 of 2,000 loaded').waitFor()
  expect(offsetsOf(requests)).toEqual([0, 500, 1_000])
})

test('loads ahead of who scrolls on and on, a row at a time', async ({ open }) => {
  const { page } = await open('?view=scroll')
  await page.getByText('500 of 2,000 loaded').waitFor()
  await scrollTo(page, 0.15)
  // Faster than the list waits for a rest, for some seconds or until there is more.
  const isMore = await page.evaluate<boolean>(`new Promise((resolve) => {
    let steps = 0
    const timer = setInterval(() => {
      const isMore = document.querySelector('main').innerText.includes('1,000 of 2,000 loaded')
      steps += 1
      if (!isMore && steps < 150) return scrollBy(0, 58)
      clearInterval(timer)
      resolve(isMore)
    }, 40)
  })`)
  expect(isMore).toBe(true)
})

test('a member who is removed far down leaves the list in order', async ({ open }) => {
  const { page, screen } = await open('?view=scroll')
  await page.getByText('500 of 2,000 loaded').waitFor()
  await page.keyboard.press('End')
  await page.getByText('All 2,000 loaded').waitFor()
  await page.keyboard.press('End')
  await screen.row(large.admin.person.userId).waitFor()

  const name = nameOf(large.member)
  await screen.button(`Remove ${name}`).click()
  await screen.dialog.getByRole('button', { name: 'Remove' }).click()
  await screen.said(`${name} is no longer a member`).waitFor()
  await page.getByText('All 1,999 loaded').waitFor()
  await screen.row(large.admin.person.userId).waitFor()
  expect(await screen.row(large.member.person.userId).count()).toBe(0)
})

describe('where a page cannot be loaded', () => {
  test.override('refusals', [502])

  test('the list says so in sight, keeps its rows, and loads the rest when asked again', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open('?view=scroll')
    await page.getByText('500 of 2,000 loaded').waitFor()
    const fault = emulator.failNext({
      route: 'list',
      match: ({ search }) => search.get('offset') === '1500',
      status: 500,
      times: Infinity,
    })
    await page.keyboard.press('End')
    await screen.alert.getByText('The server has trouble').waitFor()
    const box = await screen.alert.boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect(box?.y).toBeLessThan(900)

    fault.cancel()
    await screen.button('Load again').click()
    await page.getByText('All 2,000 loaded').waitFor()
    await page.keyboard.press('End')
    await screen.row(large.admin.person.userId).waitFor()
    expect(await screen.alert.count()).toBe(0)
  })
})
