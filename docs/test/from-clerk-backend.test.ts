import { readFile } from 'node:fs/promises'
import { createClerkClient } from '@clerk/backend'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import { expect, it } from 'vitest'
import { root } from './documents.js'
import { seed } from './run/stand-in.js'

// The table in docs/from-clerk-backend.md says which call here asks for the same as which of Clerk's. Both are made, and
// what arrives is compared.
const table = await readFile(new URL('docs/from-clerk-backend.md', root), 'utf8')

interface Row {
  readonly clerk: () => Promise<unknown>
  readonly here: () => Promise<unknown>
}

it('names calls that ask for the same', async () => {
  await using emulator = await createEmulator({ seed })
  const { secretKey } = emulator
  const { organizations, users } = createClerkClient({ secretKey, apiUrl: emulator.origin })
  const memberships = new OrganizationMembershipsClient({ secretKey, baseURL: emulator.url })
  const bob = { organizationId: 'org_acme', userId: 'user_bob' }
  const page = { limit: 5, offset: 1 }
  const list = { organizationId: 'org_acme', ...page }
  const member = { ...bob, role: 'org:member' }
  const metadata = { ...bob, publicMetadata: { title: null, team: { id: 't1' } } }

  const rows: { readonly [calls: string]: Row } = {
    'organizations.createOrganizationMembership | memberships.create': {
      clerk: () => organizations.createOrganizationMembership(member),
      here: () => memberships.create(member),
    },
    'organizations.getOrganizationMembershipList | memberships.list': {
      clerk: () => organizations.getOrganizationMembershipList(list),
      here: () => memberships.list(list),
    },
    'organizations.updateOrganizationMembership | memberships.update': {
      clerk: () => organizations.updateOrganizationMembership(member),
      here: () => memberships.update(member),
    },
    'organizations.updateOrganizationMembershipMetadata | memberships.updateMetadata': {
      clerk: () => organizations.updateOrganizationMembershipMetadata(metadata),
      here: () => memberships.updateMetadata(metadata),
    },
    'organizations.deleteOrganizationMembership | memberships.delete': {
      clerk: () => organizations.deleteOrganizationMembership(bob),
      here: () => memberships.delete(bob),
    },
    'organizations.getInstanceOrganizationMembershipList | memberships.listForInstance': {
      clerk: () => organizations.getInstanceOrganizationMembershipList(page),
      here: () => memberships.listForInstance(page),
    },
    'users.getOrganizationMembershipList | memberships.listForUser': {
      clerk: () => users.getOrganizationMembershipList({ userId: 'user_ada', ...page }),
      here: () => memberships.listForUser({ userId: 'user_ada', ...page }),
    },
  }
  expect(new Set(Object.keys(rows))).toEqual(new Set(callsOf(table)))

  const asked = async (ask: () => Promise<unknown>) => {
    // What becomes of it does not matter: the second of two deletes finds nobody.
    await ask().catch(() => {})
    const { method, path, search, body } = emulator.requests.at(-1)!
    return { method, path, search: new Set([...search].map(String)), body }
  }
  for (const [calls, { clerk, here }] of Object.entries(rows)) {
    const both = { calls, clerk: await asked(clerk), here: await asked(here) }
    expect(both).toEqual({ calls, clerk: both.here, here: both.here })
  }
})

/** The calls of each row, such as `organizations.createOrganizationMembership | memberships.create`. */
function callsOf(text: string): string[] {
  const rows = text.matchAll(/^\| `((?:organizations|users)\.\w+)\(.*? \| `(memberships\.\w+)\(/gm)
  return [...rows].map(([, clerk = '', here = '']) => `${clerk} | ${here}`)
}
