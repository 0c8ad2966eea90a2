import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { mkdir, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readSamples } from './markdown-samples.js'

// README's samples are run as they stand. The one that talks to Clerk is sent to the emulator instead, by the one thing
// in its way that is not part of it: the network.
const root = new URL('../../', import.meta.url)
const folder = new URL('docs/build/run/', root)

let emulator: Emulator
let printed: unknown[]

beforeEach(async () => {
  emulator = await createEmulator({
    seed: {
      users: [{ id: 'user_ada', first_name: 'Ada', email_address: 'ada@example.com' }],
      organizations: [{ id: 'org_1', name: 'Acme', memberships: [] }],
    },
  })
  printed = []
  vi.spyOn(console, 'log').mockImplementation((...line) => void printed.push(...line))
  vi.stubEnv('CLERK_SECRET_KEY', emulator.secretKey)
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
    fetch(input.replace('https://api.clerk.com/v1', emulator.url), init),
  )
})

afterEach(async () => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await emulator.close()
})

it("README's core sample does what it says", async () => {
  await runSample('## Core')
  expect(printed).toEqual(['1 of 1 admins'])
  expect(emulator.requests.map(({ method }) => method)).toEqual([
    'POST',
    'PATCH',
    'PATCH',
    'GET',
    'DELETE',
  ])
})

it("README's emulator sample prints the count", async () => {
  await runSample('## Emulator')
  expect(printed).toEqual([1])
})

async function runSample(heading: string): Promise<void> {
  const sample = (await readSamples(root, 'README.md')).find((one) => one.heading === heading)
  if (sample === undefined) throw new Error(`README.md has no sample under '${heading}'.`)
  await mkdir(folder, { recursive: true })
  const file = new URL(sample.fileName, folder)
  await writeFile(file, sample.code)
  await import(/* @vite-ignore */ file.href)
}
