import { accessSync, constants } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    chromiumPath: string
  }
}

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Finds a Chromium once for all test files: CHROMIUM_PATH, one of the system, or the one that npm brought. */
export default async function findChromium(project: TestProject): Promise<void> {
  const path = [process.env['CHROMIUM_PATH'] ?? '', ...installed].find(isExecutable)
  project.provide('chromiumPath', path ?? (await unpackUnderLock()))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return path !== ''
  } catch {
    return false
  }
}

/** The package unpacks itself on first use, and a browser that is still being written cannot be started. */
async function unpackUnderLock(): Promise<string> {
  const lock = join(tmpdir(), 'chromium-unpack.lock')
  while (!(await isTaken(lock))) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    return await chromium.executablePath()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

async function isTaken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch {
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    // Left behind by a process that was killed.
    if (age > 60_000) await rm(lock, { recursive: true, force: true })
    return false
  }
}
