import type { Emulator, RequestLogEntry } from '@org-memberships/emulator'
import type { BrowserContextOptions } from 'playwright-core'
import { vi } from 'vitest'
import { type OpenedPage, openPage } from './open-page.js'
import { emulatorOf, startOnFreePort } from './running-example.js'
import { assertClean, test as base } from './window.js'

/**
 * A test of the page: one browser and one example for a file, and as many pages as the test opens. After each test the
 * console of every page has to be clean, and the emulator is as it was. Change a fixture by `extend`: what is overridden
 * at the top of one file would hold in the others too, since they share this module.
 */
export const test = base
  .extend('example', { scope: 'file' }, async ({}, { onCleanup }) => {
    const example = await startOnFreePort()
    onCleanup(() => example.close())
    return example
  })
  .extend('emulator', { scope: 'file' }, ({ example }): Emulator => emulatorOf(example))
  .extend('open', async ({ browser, emulator, example, refusals }, { onCleanup }) => {
    const pages: OpenedPage[] = []
    onCleanup(async () => {
      await Promise.all(pages.map((page) => page.close()))
      await setCondition(example, 'fair')
      await startAfresh(emulator)
      assertClean(pages, refusals)
    })
    return async (search = '', options?: BrowserContextOptions): Promise<OpenedPage> => {
      const page = await openPage(browser, `${example.url}/${search}`, options)
      pages.push(page)
      return page
    }
  })

/** Back to the seed. A request that a page has left behind is carried out all the same, and not in the next test. */
async function startAfresh(emulator: Emulator): Promise<void> {
  const isRunning = ({ duration }: RequestLogEntry): boolean => duration === null
  const left = emulator.requests.filter(isRunning)
  await emulator.reset()
  if (left.length === 0) return
  await vi.waitUntil(() => !left.some(isRunning), 15_000)
  await emulator.reset()
}

/** Makes the emulator slow or failing, as the page does. */
export async function setCondition(
  { url }: { url: string },
  condition: 'fair' | 'slow' | 'failing',
): Promise<void> {
  await fetch(`${url}/api/demo/condition`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ condition }),
  })
}
