import type { Seed } from '@org-memberships/emulator'
import type { DemoOrganization } from './demo-organization.js'
import type { Person } from './person.js'

/** The demo organization in the emulator's seed format. */
export function demoSeed(organization: DemoOrganization): Seed {
  const { admin, candidates, memberships } = organization
  const latest = memberships.at(-1) ?? admin
  return {
    users: [
      ...memberships.map(({ person, createdAt }) => userOf(person, createdAt)),
      // The newest accounts: people who are about to start.
      ...candidates.map((person) => userOf(person, latest.createdAt)),
    ],
    organizations: [
      {
        id: organization.id,
        name: organization.name,
        slug: organization.slug,
        created_by: admin.person.userId,
        created_at: admin.createdAt,
        memberships: memberships.map((membership) => ({
          user_id: membership.person.userId,
          role: membership.role,
          public_metadata: { ...membership.publicMetadata },
          private_metadata: { ...membership.privateMetadata },
          created_at: membership.createdAt,
        })),
      },
    ],
  }
}

function userOf(person: Person, createdAt: number) {
  return {
    id: person.userId,
    first_name: person.firstName,
    last_name: person.lastName,
    username: person.username,
    email_address: person.emailAddress,
    created_at: createdAt,
  }
}
