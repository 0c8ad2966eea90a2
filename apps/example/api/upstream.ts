import type { Emulator } from '@org-memberships/emulator'
import { clerkSettings } from './clerk-settings.js'
import type { ExampleOptions } from './options.js'
import type { DemoOrganization } from './seed/demo-organization.js'
import { startSeededEmulator } from './seeded-emulator.js'
import type { Settings } from './settings.js'

/** What the backend works on. */
export interface Upstream {
  readonly settings: Settings
  /** `null` with real Clerk. */
  readonly emulator: Emulator | null
}

/** A seeded emulator, or with `--clerk` the real thing. */
export async function openUpstream(
  { clerk }: ExampleOptions,
  pageOrigin: string,
  organization: () => DemoOrganization,
): Promise<Upstream> {
  if (clerk !== null) return { settings: clerkSettings(clerk, pageOrigin), emulator: null }
  return startSeededEmulator(pageOrigin, organization())
}
