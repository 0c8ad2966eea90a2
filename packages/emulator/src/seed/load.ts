import { mergeMetadata } from '@org-memberships/core'
import {
  type Fields,
  type MetadataJSON,
  organizationFields,
  organizationMembershipFields,
} from '@org-memberships/core/contract'
import type { MembershipRow, OrganizationRow, UserRow } from '../store/rows.js'
import { Store } from '../store/store.js'
import { assertConsistent } from './consistency.js'
import { rolesOf } from './roles.js'
import type { Seed, SeedMembership, SeedOrganization, SeedUser } from './seed.js'
import { SlugSource } from './slugs.js'

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
  const slugs = new SlugSource(organizations.map(({ slug }) => slug))
  for (const user of users) store.apply({ put_user: toUserRow(user, nextTime()) })
  for (const organization of organizations) {
    const slug =
      organization.slug === undefined ? slugs.of(nameOf(organization)) : organization.slug
    store.apply({ put_organization: toOrganizationRow(organization, slug, nextTime()) })
    for (const membership of organization.memberships ?? []) {
      const ownTime = nextTime()
      const created_at = membership.created_at ?? ownTime
      const id = membership.id ?? createId('orgmem', created_at)
      store.apply({ put: toMembershipRow(organization.id, membership, id, created_at) })
    }
  }
  store.settle()
  return store
}

export function toUserRow(user: SeedUser, time: number): UserRow {
  const created_at = user.created_at ?? time
  return {
    id: user.id,
    first_name: user.first_name ?? null,
    last_name: user.last_name ?? null,
    username: user.username ?? null,
    email_address: listOf(user.email_address),
    phone_number: listOf(user.phone_number),
    web3_wallet: listOf(user.web3_wallet),
    image_url: user.image_url ?? null,
    external_id: user.external_id ?? null,
    banned: user.banned ?? false,
    deprovisioned: user.deprovisioned ?? false,
    public_metadata: metadataOf(user.public_metadata),
    private_metadata: metadataOf(user.private_metadata),
    created_at,
    updated_at: user.updated_at ?? created_at,
    last_active_at: user.last_active_at ?? null,
  }
}

export function toOrganizationRow(
  organization: SeedOrganization,
  slug: string | null,
  time: number,
): OrganizationRow {
  const { memberships: _, roles, created_at = time, ...fields } = organization
  const row = {
    ...fields,
    name: nameOf(organization),
    slug,
    image_url: fields.image_url ?? null,
    max_allowed_memberships: fields.max_allowed_memberships ?? 0,
    pending_invitations_count: fields.pending_invitations_count ?? 0,
    admin_delete_enabled: fields.admin_delete_enabled ?? true,
    public_metadata: metadataOf(fields.public_metadata),
    private_metadata: metadataOf(fields.private_metadata),
    created_at,
    updated_at: fields.updated_at ?? created_at,
    role_set_key: fields.role_set_key ?? null,
  }
  return {
    ...present(row, organizationFields),
    ...(roles !== undefined && { roles: [...roles] }),
  }
}

function toMembershipRow(
  organization_id: string,
  membership: SeedMembership,
  id: string,
  created_at: number,
): MembershipRow {
  const { user_id, managed_by_scim, ...fields } = membership
  const row = {
    ...fields,
    id,
    public_metadata: metadataOf(fields.public_metadata),
    private_metadata: metadataOf(fields.private_metadata),
    created_at,
    updated_at: fields.updated_at ?? created_at,
  }
  return {
    organization_id,
    user_id,
    ...present(row, organizationMembershipFields),
    ...(managed_by_scim === true && { managed_by_scim }),
  }
}

/** The fields that are there, in the order of their table: a store that is exported and loaded again answers alike. */
function present<T extends object>(
  fields: T,
  table: Fields,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const row: { [name: string]: unknown } = {}
  for (const key of Object.keys(table)) {
    const value: unknown = Reflect.get(fields, key)
    if (value !== undefined) row[key] = value
  }
  return row as { [Key in keyof T]: Exclude<T[Key], undefined> }
}

function nameOf({ id, name = id }: SeedOrganization): string {
  return name
}

const none: readonly string[] = []
const noMetadata: MetadataJSON = Object.freeze({})

/** A copy, since the seed is the caller's; as at create, without nulls outside arrays. */
function metadataOf(given: MetadataJSON | undefined): MetadataJSON {
  if (given === undefined || Object.keys(given).length === 0) return noMetadata
  return mergeMetadata({}, given)
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === undefined || value === null) return none
  return typeof value === 'string' ? [value] : [...value]
}
