// What a newcomer's compiler reads: its own default libraries, and no types of Node.
import { isNotFoundError, OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { OrganizationMembershipsProvider, useOrganizationMemberships } from '@org-memberships/react'
import type { ReactNode } from 'react'

export async function start(): Promise<Emulator> {
  return createEmulator({ seed: { users: [{ id: 'user_ada' }] } })
}

export async function countOf(organizationId: string): Promise<number> {
  await using emulator = await start()
  const { url: baseURL, secretKey } = emulator
  const memberships = new OrganizationMembershipsClient({ baseURL, secretKey })
  try {
    return await memberships.count({ organizationId })
  } catch (error) {
    if (isNotFoundError(error)) return 0
    throw error
  }
}

export function App({ client }: { client: OrganizationMembershipsClient }): ReactNode {
  return (
    <OrganizationMembershipsProvider client={client}>
      <Size organizationId="org_1" />
    </OrganizationMembershipsProvider>
  )
}

function Size({ organizationId }: { organizationId: string }): ReactNode {
  const { totalCount } = useOrganizationMemberships(organizationId)
  return <p>{totalCount}</p>
}
