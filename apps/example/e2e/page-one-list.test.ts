import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { large, listFits, offsetsOf, test } from './one-list.js'

const scrollTo = (page: Page, share: number) =>
  page.evaluate(`scrollTo(0, document.body.scrollHeight * ${share})`)

listFits({ width: 1280, height: 900 })

test('loads what is scrolled to, a little ahead, and nothing beyond', async ({ open }) => {
  const { page, requests } = await open('?view=scroll')
  await page.getByText('100 of 2,000 loaded').waitFor()

  // Rows 400 to 425 and 1,200 to 1,225, and what is loaded ahead of them.
  await scrollTo(page, 0.2)
  await page.getByText('500 of 2,000 loaded').waitFor()
  await scrollTo(page, 0.6)
  await page.getByText('1,300 of 2,000 loaded').waitFor()
  const offsets = Array.from({ length: 13 }, (_, index) => index * 100)
  expect(offsetsOf(requests).toSorted((a, b) => a - b)).toEqual(offsets)
})

test('loads ahead of who scrolls on and on, a row at a time', async ({ open }) => {
  const { page } = await open('?view=scroll')
  await page.getByText('100 of 2,000 loaded').waitFor()
  // Faster than the list waits for a rest, for some seconds or until there is more.
  const isMore = await page.evaluate<boolean>(`new Promise((resolve) => {
    let steps = 0
    const timer = setInterval(() => {
      const isMore = document.querySelector('main').innerText.includes('300 of 2,000 loaded')
      steps += 1
      if (!isMore && steps < 150) return scrollBy(0, 58)
      clearInterval(timer)
      resolve(isMore)
    }, 40)
  })`)
  expect(isMore).toBe(true)
})

describe('where a page cannot be loaded', () => {
  test.override('refusals', [502])

  test('the list says so in sight, keeps its rows, and loads the rest when asked again', async ({
    emulator,
    open,
  }) => {
    const { page, screen } = await open('?view=scroll')
    await page.getByText('100 of 2,000 loaded').waitFor()
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
