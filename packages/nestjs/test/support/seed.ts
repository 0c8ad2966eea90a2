/** In private metadata of the membership and of the organization; must be in no answer. */
export const planted = {
  membership: 'planted-in-the-membership',
  organization: 'planted-in-the-organization',
}

export const readRole = 'org:reader'

/** Acme, with an admin, members and one who may only read; Globex, of which nobody in Acme knows anything. */
export const seed = {
  users: [
    { id: 'user_ada', first_name: 'Ada', last_name: 'Lovelace', email_address: 'ada@example.com' },
    { id: 'user_bob', first_name: 'Bob', email_address: 'bob@example.com' },
    { id: 'user_cleo', first_name: 'Cleo', email_address: 'cleo@example.com' },
    { id: 'user_dan', first_name: 'Dan', email_address: 'dan@example.com' },
    { id: 'user_eve', first_name: 'Eve', email_address: 'eve@example.com' },
  ],
  organizations: [
    {
      id: 'org_acme',
      name: 'Acme',
      private_metadata: { plan: planted.organization },
      memberships: [
        member('user_ada', 'org:admin'),
        member('user_bob', 'org:member'),
        member('user_cleo', 'org:member'),
      ],
    },
    {
      id: 'org_globex',
      name: 'Globex',
      private_metadata: { plan: planted.organization },
      memberships: [member('user_eve', 'org:admin')],
    },
  ],
}

function member(userId: string, role: string) {
  return {
    user_id: userId,
    role,
    public_metadata: { title: 'Engineer' },
    private_metadata: { note: planted.membership },
  }
}
