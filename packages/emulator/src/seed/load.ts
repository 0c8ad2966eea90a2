import { mergeMetadata, type MetadataJSON } from '@org-memberships/core'
import type { MembershipRecord, OrganizationRecord, UserRecord } from '../store/records.js'
import type { Role } from '../store/roles.js'
import { Store } from '../store/store.js'
import { assertConsistent } from './consistency.js'
import { rolesOf } from './roles.js'
import type { Seed, SeedMembership, SeedOrganization, SeedUser } from './seed.js'

export interface LoadOptions {
  /** What to call the seed in an error. */
  readonly source: string
  readonly now: number
  readonly createId: (prefix: string, time: number) => string
}

/**
 * A store of what a seed says. Each row that carries no time gets one of its own, growing in file order and ending
 * just before `now`; each membership without an id gets one that agrees with its time.
 *
 * @throws SeedError naming ids that are there twice, and users and roles that are not there
 */
export function loadSeed(seed: Seed, { source, now, createId }: LoadOptions): Store {
  const roles = rolesOf(seed.roles ?? [])
  assertConsistent(seed, roles, source)
  const { users = [], organizations = [] } = seed
  let time = now - users.length - organizations.length
  for (const { memberships = [] } of organizations) time -= memberships.length
  // Every row moves the time on, so that a row's own time does not depend on what others carry.
  const nextTime = () => time++

  const store = new Store(roles)
  for (const user of users) store.addUser(toUserRecord(user, nextTime()))
  for (const row of organizations) {
    const organization = store.addOrganization(toOrganizationFields(row, nextTime()))
    for (const membership of row.memberships ?? []) {
      const ownTime = nextTime()
      const createdAt = membership.created_at ?? ownTime
      const id = membership.id ?? createId('orgmem', createdAt)
      placeMembership(store, organization, { ...membership, id, created_at: createdAt })
    }
  }
  store.settle()
  return store
}

export interface PlacedRow extends SeedMembership {
  readonly id: string
  readonly created_at: number
}

/** Adds a membership as a seed or a data file holds it. */
export function placeMembership(
  store: Store,
  organization: OrganizationRecord,
  row: PlacedRow,
): void {
  store.addMembership({
    id: row.id,
    organization,
    user: store.users.get(row.user_id) as UserRecord,
    createdAt: row.created_at,
    role: store.roles.get(row.role) as Role,
    publicMetadata: metadataOf(row.public_metadata),
    privateMetadata: metadataOf(row.private_metadata),
    updatedAt: row.updated_at ?? row.created_at,
  })
}

function toUserRecord(user: SeedUser, time: number): UserRecord {
  const createdAt = user.created_at ?? time
  return {
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
    publicMetadata: metadataOf(user.public_metadata),
    privateMetadata: metadataOf(user.private_metadata),
    createdAt,
    updatedAt: user.updated_at ?? createdAt,
    lastActiveAt: user.last_active_at ?? null,
    memberships: noMemberships,
  }
}

function toOrganizationFields(row: SeedOrganization, time: number) {
  const createdAt = row.created_at ?? time
  return {
    id: row.id,
    name: row.name ?? row.id,
    slug: row.slug ?? null,
    imageURL: row.image_url ?? null,
    maxAllowedMemberships: row.max_allowed_memberships ?? 0,
    pendingInvitationsCount: row.pending_invitations_count ?? 0,
    adminDeleteEnabled: row.admin_delete_enabled ?? true,
    publicMetadata: metadataOf(row.public_metadata),
    privateMetadata: metadataOf(row.private_metadata),
    createdBy: row.created_by,
    createdAt,
    updatedAt: row.updated_at ?? createdAt,
    lastActiveAt: row.last_active_at,
    roleSetKey: row.role_set_key ?? null,
    roleKeys: row.roles === undefined ? undefined : new Set(row.roles),
  }
}

const none: readonly string[] = []
const noMemberships: readonly MembershipRecord[] = []
const noMetadata: MetadataJSON = Object.freeze({})

/** A copy, since the seed is the caller's; as at create, without nulls outside arrays. */
function metadataOf(given: MetadataJSON | undefined): MetadataJSON {
  if (given === undefined || Object.keys(given).length === 0) return noMetadata
  return mergeMetadata({}, JSON.parse(JSON.stringify(given)) as MetadataJSON)
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === undefined || value === null) return none
  return typeof value === 'string' ? [value] : [...value]
}
