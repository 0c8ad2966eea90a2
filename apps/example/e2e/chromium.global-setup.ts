import { accessSync, constants } from 'node:fs'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    chromiumPath: string
  }
}

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * Finds a Chromium once for all test files: CHROMIUM_PATH, a browser of the system, or the one from npm. The last is
 * unpacked on first use, and launching it in two files while it is being written fails.
 */
export default async function findChromium(project: TestProject): Promise<void> {
  const known = [process.env['CHROMIUM_PATH'], ...systemBrowsers].find(isExecutable)
  project.provide('chromiumPath', known ?? (await unpackChromium()))
}

function isExecutable(path: string | undefined): path is string {
  if (path === undefined || path === '') return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function unpackChromium(): Promise<string> {
  const { default: chromium } = await import('@sparticuz/chromium')
  return chromium.executablePath()
}
