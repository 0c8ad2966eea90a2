import type { Store } from '../store/store.js'
import type { MembershipRecord } from '../store/records.js'
import type { Seed, SeedMembership } from './seed.js'

/** The seed that `loadSeed` makes exactly this store from. Invitations are no part of a seed. */
export function exportSeed(store: Store): Seed {
  return {
    users: Array.from(store.users, ({ row }) => row),
    organizations: Array.from(store.organizations.values(), ({ row, members }) => ({
      ...row,
      memberships: Array.from(members.values(), exportMembership),
    })),
    roles: Array.from(store.roles.values(), ({ key, name, permissions, hidesNone }) => ({
      key,
      name,
      permissions: hidesNone ? null : permissions,
    })),
  }
}

/** The organization is where a seed puts the membership. */
function exportMembership({ row }: MembershipRecord): SeedMembership {
  const { organization_id, ...membership } = row
  void organization_id
  return membership
}
