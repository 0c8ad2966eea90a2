import { type Browser, chromium } from 'playwright-core'
import { inject } from 'vitest'

/** A real Chromium that stays quiet: no sandbox to need rights for, nothing asked of the network by itself. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: inject('chromiumPath'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
