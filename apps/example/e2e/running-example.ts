import { fileURLToPath } from 'node:url'
import { OrganizationMembershipsClient, type OrganizationMembership } from '@org-memberships/core'
import type { Emulator } from '@org-memberships/emulator'
import type { ClerkOptions } from '../api/options.js'
import { createDemoOrganization, type DemoOrganization } from '../api/seed/demo-organization.js'
import { type Example, startExample } from '../api/start-example.js'

export const webDirectory = fileURLToPath(new URL('../dist/web', import.meta.url))

/** What the emulator was seeded with: fewer members than `start` shows, since most tests need no more. */
export const demo = createDemoOrganization({ members: 250 })

/** The example in this process, on a free port, beside a client that asks the emulator past the backend. */
export async function startOnFreePort(
  clerk: ClerkOptions | null = null,
  organization: DemoOrganization = demo,
): Promise<Example> {
  return startExample({ port: 0, host: '127.0.0.1', clerk }, webDirectory, () => organization)
}

export function emulatorOf({ emulator }: Example): Emulator {
  if (emulator === null) throw new Error('This example works on no emulator of its own.')
  return emulator
}

/** The truth: asks the emulator itself, with its key. */
export function truthOf(emulator: Emulator): OrganizationMembershipsClient {
  return new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
}

/** Every membership as the emulator holds it, private metadata included. */
export async function everything(emulator: Emulator): Promise<OrganizationMembership[]> {
  const { data } = await truthOf(emulator).list({ organizationId: demo.id, limit: 500 })
  return data
}

/** A session token from the demo, as the page gets it. */
export async function signIn({ url }: Example, userId: string): Promise<string> {
  const response = await fetch(`${url}/api/demo/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId }),
  })
  const { token } = (await response.json()) as { token: string }
  return token
}
