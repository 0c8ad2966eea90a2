import { mergeMetadata } from '@org-memberships/core'
import type { OrganizationRecord } from '../store/records.js'
import { createRole, defaultRoles, type Role } from '../store/roles.js'
import { Store } from '../store/store.js'
import { SeedError, type SeedProblem } from './check.js'
import type { Seed, SeedOrganization, SeedRole, SeedUser } from './seed.js'

const maximumCustomRoles = 10

/** A seed whose every row has its id and its times, so that each store made from it is the same. */
export interface SettledSeed {
  readonly users: readonly SettledRow<SeedUser>[]
  readonly organizations: readonly SettledOrganization[]
  readonly roles: readonly Role[]
}

type SettledRow<Row> = Row & { readonly created_at: number; readonly updated_at: number }

interface SettledOrganization extends SettledRow<Omit<SeedOrganization, 'memberships'>> {
  readonly memberships: readonly SettledMembership[]
}

export type SettledMembership = SettledRow<
  NonNullable<SeedOrganization['memberships']>[number] & { readonly id: string }
>

/**
 * Gives each row that carries no time one of its own, growing in file order and ending just before `now`, and each
 * membership an id that agrees with its time. Checks what only the whole can show: ids twice, users and roles that
 * are not there.
 *
 * @throws SeedError
 */
export function settleSeed(
  seed: Seed,
  source: string,
  now: number,
  createId: (prefix: string, time: number) => string,
): SettledSeed {
  const roles = rolesOf(seed.roles ?? [])
  assertConsistent(seed, roles, source)
  const users = seed.users ?? []
  const organizations = seed.organizations ?? []
  let time = now - users.length - organizations.length
  for (const { memberships = [] } of organizations) time -= memberships.length
  const settle = <Row extends { created_at?: number; updated_at?: number }>(row: Row) => {
    const created = row.created_at ?? time
    time += 1
    return { ...row, created_at: created, updated_at: row.updated_at ?? created }
  }
  return {
    users: users.map(settle),
    organizations: organizations.map((organization) => {
      const settled = settle(organization)
      const memberships = (organization.memberships ?? []).map((membership) => {
        const row = settle(membership)
        return Object.assign(row, { id: row.id ?? createId('orgmem', row.created_at) })
      })
      return Object.assign(settled, { memberships })
    }),
    roles,
  }
}

export function createStore({ users, organizations, roles }: SettledSeed): Store {
  const store = new Store(roles)
  for (const user of users) {
    store.addUser({
      id: user.id,
      firstName: user.first_name ?? null,
      lastName: user.last_name ?? null,
      username: user.username ?? null,
      emailAddresses: listOf(user.email_address),
      phoneNumbers: listOf(user.phone_number),
      web3Wallets: listOf(user.web3_wallet),
      imageURL: user.image_url ?? null,
      banned: user.banned ?? false,
      deprovisioned: user.deprovisioned ?? false,
      publicMetadata: user.public_metadata ?? {},
      privateMetadata: user.private_metadata ?? {},
      createdAt: user.created_at,
      updatedAt: user.updated_at,
      lastActiveAt: user.last_active_at ?? null,
    })
  }
  for (const row of organizations) {
    const organization = store.addOrganization({
      id: row.id,
      name: row.name ?? row.id,
      slug: row.slug ?? null,
      imageURL: row.image_url ?? null,
      maxAllowedMemberships: row.max_allowed_memberships ?? 0,
      pendingInvitationsCount: row.pending_invitations_count ?? 0,
      adminDeleteEnabled: row.admin_delete_enabled ?? true,
      publicMetadata: row.public_metadata ?? {},
      privateMetadata: row.private_metadata ?? {},
      createdBy: row.created_by,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      lastActiveAt: row.last_active_at,
      roleSetKey: row.role_set_key ?? null,
      roleKeys: row.roles === undefined ? undefined : new Set(row.roles),
    })
    for (const membership of row.memberships) placeMembership(store, organization, membership)
  }
  return store
}

/** Adds a membership as a seed or a data file holds it. One whose user or role is gone is left out. */
export function placeMembership(
  store: Store,
  organization: OrganizationRecord,
  row: SettledMembership,
): void {
  const user = store.users.get(row.user_id)
  const role = store.roles.get(row.role)
  if (user === undefined || role === undefined) return
  store.addMembership(organization, user, {
    id: row.id,
    role,
    // As at create: what is stored holds no null outside arrays.
    publicMetadata: mergeMetadata({}, row.public_metadata ?? {}),
    privateMetadata: mergeMetadata({}, row.private_metadata ?? {}),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  })
}

const none: readonly string[] = []

function listOf(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === undefined || value === null) return none
  return typeof value === 'string' ? [value] : value
}

function rolesOf(given: readonly SeedRole[]): readonly Role[] {
  const roles = new Map(defaultRoles.map((role) => [role.key, role]))
  for (const { key, name, permissions = [] } of given) {
    roles.set(key, createRole(key, name ?? nameOf(key), permissions))
  }
  return [...roles.values()]
}

/** `org:billing_manager` is shown as `Billing manager`. */
function nameOf(key: string): string {
  const words = key.slice('org:'.length).replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function assertConsistent(seed: Seed, roles: readonly Role[], source: string): void {
  const problems: SeedProblem[] = []
  const roleKeys = new Set(roles.map(({ key }) => key))
  const custom = roles.length - defaultRoles.length
  if (custom > maximumCustomRoles) {
    problems.push({
      path: 'roles',
      reason: `holds ${custom} custom roles; an instance has at most ${maximumCustomRoles}`,
    })
  }
  const findTwice = (ids: readonly string[], path: (index: number) => string) => {
    const seen = new Set<string>()
    for (const [index, id] of ids.entries()) {
      if (seen.has(id)) problems.push({ path: path(index), reason: `'${id}' is there twice` })
      seen.add(id)
    }
    return seen
  }
  const organizations = seed.organizations ?? []
  findTwice(
    (seed.roles ?? []).map(({ key }) => key),
    (index) => `roles[${index}].key`,
  )
  const userIds = findTwice(
    (seed.users ?? []).map(({ id }) => id),
    (index) => `users[${index}].id`,
  )
  findTwice(
    organizations.map(({ id }) => id),
    (index) => `organizations[${index}].id`,
  )
  const membershipIds = new Set<string>()
  for (const [index, { memberships = [], roles: allowed }] of organizations.entries()) {
    const place = `organizations[${index}]`
    for (const [position, key] of (allowed ?? []).entries()) {
      if (!roleKeys.has(key)) {
        problems.push({ path: `${place}.roles[${position}]`, reason: `'${key}' is not a role` })
      }
    }
    findTwice(
      memberships.map(({ user_id }) => user_id),
      (position) => `${place}.memberships[${position}].user_id`,
    )
    for (const [position, { id, user_id: userId, role }] of memberships.entries()) {
      const row = `${place}.memberships[${position}]`
      if (!userIds.has(userId)) {
        problems.push({ path: `${row}.user_id`, reason: `'${userId}' is not among the users` })
      }
      if (!roleKeys.has(role)) {
        problems.push({
          path: `${row}.role`,
          reason: `'${role}' is not a role; there are ${[...roleKeys].join(', ')}`,
        })
      } else if (allowed !== undefined && !allowed.includes(role)) {
        problems.push({ path: `${row}.role`, reason: `'${role}' is not among this one's roles` })
      }
      if (id === undefined) continue
      if (membershipIds.has(id)) {
        problems.push({ path: `${row}.id`, reason: `'${id}' is there twice` })
      }
      membershipIds.add(id)
    }
  }
  if (problems.length > 0) throw new SeedError(source, problems)
}
