import type { Seed } from '../src/index.js'

/** One organization with an admin and a member, and a user who is in none. */
export const acme: Seed = {
  users: [
    {
      id: 'user_ada',
      first_name: 'Ada',
      last_name: 'Lovelace',
      email_address: 'ada@example.com',
      username: 'ada',
    },
    { id: 'user_bob', first_name: 'Bob', email_address: 'bob@example.com' },
    { id: 'user_cleo', first_name: 'Cleo', phone_number: '+15551234567' },
  ],
  organizations: [
    {
      id: 'org_acme',
      name: 'Acme',
      slug: 'acme',
      memberships: [
        { user_id: 'user_ada', role: 'org:admin' },
        { user_id: 'user_bob', role: 'org:member', public_metadata: { team: { name: 'red' } } },
      ],
    },
  ],
}
