import { verifyWebhook } from '@clerk/backend/webhooks'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createOrganizationMembershipsMirror, migrate } from '@org-memberships/mirror'
import { fromPool } from '@org-memberships/mirror/pg'
import { Pool } from 'pg'

export const database = fromPool(new Pool()) // reads PGHOST, PGDATABASE and so on
export const memberships = createOrganizationMembershipsMirror({
  client: new OrganizationMembershipsClient(), // reads CLERK_SECRET_KEY
  database,
})

export async function start() {
  await migrate(database)
  memberships.start()
}

/** The route that Clerk's webhooks go to. */
export async function POST(request: Request) {
  await memberships.receive(await verifyWebhook(request))
  return new Response()
}

export async function isAdmin(organizationId: string, userId: string) {
  const membership = await memberships.get({ organizationId, userId })
  return membership?.role === 'org:admin'
}
