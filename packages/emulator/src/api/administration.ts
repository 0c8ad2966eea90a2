import type { MetadataJSON, OrganizationJSON } from '@org-memberships/core/contract'
import * as v from 'valibot'
import type { DeletedOrganizationJSON, DeletedUserJSON } from '../events/event.js'
import { checkForm, organizationSchema, userSchema } from '../seed/check.js'
import { toOrganizationRow, toUserRow } from '../seed/load.js'
import type { SeedOrganization, SeedUser } from '../seed/seed.js'
import { SlugSource } from '../seed/slugs.js'
import type { OrganizationRecord, UserRecord } from '../store/records.js'
import type { Role } from '../store/roles.js'
import type { InvitationRow } from '../store/rows.js'
import type { Instance } from './instance.js'
import { type InvitationJSON, toInvitationJSON } from './invitation-presentation.js'
import { addMembership, laterThan, removeMembership } from './membership-changes.js'
import { toOrganizationJSON } from './presentation.js'
import { toUserJSON, type UserJSON } from './user-presentation.js'

// What a dashboard or the other routes of the API would do, for tests: users, organizations and invitations come, change
// and go, each with its events (contract, section 10).

/** A user's fields in wire terms; what is left out stays as it is. */
export type UserFields = Partial<Omit<SeedUser, 'id'>>

/** An organization's fields in wire terms; what is left out stays as it is. */
export type OrganizationFields = Partial<Omit<SeedOrganization, 'id' | 'memberships'>>

export interface InvitationOptions {
  organizationId: string
  emailAddress: string
  /** @default 'org:member' */
  role?: string | undefined
  /** A user's id. @default none */
  inviterId?: string | undefined
  publicMetadata?: MetadataJSON | undefined
  privateMetadata?: MetadataJSON | undefined
}

export interface AcceptedInvitation {
  invitationId: string
  userId: string
}

const organizationWithoutMembers = v.omit(organizationSchema, ['memberships'])

export function createUser(instance: Instance, given: SeedUser): UserJSON {
  const { store, clock } = instance
  checkForm(userSchema, given, 'createUser: the user', 'the user')
  if (store.users.get(given.id) !== undefined) {
    throw new RangeError(`createUser: there is a user '${given.id}' already.`)
  }
  const row = toUserRow(given, clock.now())
  instance.change({ put_user: row }, { type: 'user.created', data: () => toUserJSON(row) })
  return toUserJSON(row)
}

export function updateUser(instance: Instance, id: string, fields: UserFields): UserJSON {
  const user = userOf(instance, id, 'updateUser')
  checkForm(userSchema, { ...fields, id }, 'updateUser: the fields', 'the fields')
  const { created_at } = user.row
  const updated_at = laterThan(user.row, instance)
  const row = toUserRow({ ...user.row, updated_at, ...definedOf(fields) }, created_at)
  instance.change({ put_user: row }, { type: 'user.updated', data: () => toUserJSON(row) })
  return toUserJSON(row)
}

export function deleteUser(instance: Instance, id: string): DeletedUserJSON {
  const user = userOf(instance, id, 'deleteUser')
  for (const membership of user.memberships) {
    removeMembership(instance, membership, !instance.rules.cascadeEvents)
  }
  const { external_id } = user.row
  const deleted: DeletedUserJSON = {
    object: 'user',
    id,
    deleted: true,
    ...(external_id !== null && { external_id }),
  }
  instance.change({ remove_user: id }, { type: 'user.deleted', data: () => deleted })
  return deleted
}

/** With its memberships, each with an event of its own. */
export function createOrganization(
  instance: Instance,
  { memberships = [], ...given }: SeedOrganization,
): OrganizationJSON {
  const { store, clock } = instance
  const source = 'createOrganization: the organization'
  checkForm(organizationSchema, { ...given, memberships }, source, 'the organization')
  if (store.organizations.has(given.id)) {
    throw new RangeError(`createOrganization: there is an organization '${given.id}' already.`)
  }
  assertRoles(instance, given.roles ?? [], 'createOrganization')
  const members = memberships.map((member) => ({
    ...member,
    role: roleOf(instance, member.role, 'createOrganization'),
    user: userOf(instance, member.user_id, 'createOrganization'),
  }))
  const taken = Array.from(store.organizations.values(), ({ row }) => row.slug)
  const slug =
    given.slug === undefined ? new SlugSource(taken).of(given.name ?? given.id) : given.slug
  const row = toOrganizationRow(given, slug, clock.now())
  const data = () => toOrganizationJSON(store.organizations.get(row.id) as OrganizationRecord)
  instance.change({ put_organization: row }, { type: 'organization.created', data })
  const organization = store.organizations.get(row.id) as OrganizationRecord
  for (const { user, role, public_metadata = {}, private_metadata = {} } of members) {
    addMembership(instance, organization, user.row.id, role, { public_metadata, private_metadata })
  }
  return toOrganizationJSON(organization)
}

export function updateOrganization(
  instance: Instance,
  id: string,
  fields: OrganizationFields,
): OrganizationJSON {
  const organization = organizationOf(instance, id, 'updateOrganization')
  const source = 'updateOrganization: the fields'
  checkForm(organizationWithoutMembers, { ...fields, id }, source, 'the fields')
  assertRoles(instance, fields.roles ?? [], 'updateOrganization')
  const updated_at = laterThan(organization.row, instance)
  const merged = { ...organization.row, updated_at, ...definedOf(fields) }
  const row = toOrganizationRow(merged, merged.slug, merged.created_at)
  const data = () => toOrganizationJSON(organization)
  instance.change({ put_organization: row }, { type: 'organization.updated', data })
  return data()
}

export function deleteOrganization(instance: Instance, id: string): DeletedOrganizationJSON {
  const organization = organizationOf(instance, id, 'deleteOrganization')
  for (const membership of organization.members.values()) {
    removeMembership(instance, membership, !instance.rules.cascadeEvents)
  }
  for (const invitation of organization.invitations.values()) {
    instance.change({ remove_invitation: { organization_id: id, id: invitation.id } })
  }
  const { slug } = organization.row
  const deleted: DeletedOrganizationJSON = {
    object: 'organization',
    id,
    ...(slug !== null && { slug }),
    deleted: true,
  }
  instance.change(
    { remove_organization: id },
    { type: 'organization.deleted', data: () => deleted },
  )
  return deleted
}

export function createInvitation(instance: Instance, options: InvitationOptions): InvitationJSON {
  const { organizationId, emailAddress, role = 'org:member', inviterId } = options
  organizationOf(instance, organizationId, 'createInvitation')
  roleOf(instance, role, 'createInvitation')
  if (inviterId !== undefined) userOf(instance, inviterId, 'createInvitation')
  const created_at = instance.clock.now()
  const row: InvitationRow = {
    id: instance.createId('orginv', created_at),
    organization_id: organizationId,
    email_address: emailAddress,
    role,
    status: 'pending',
    inviter_id: inviterId ?? null,
    public_metadata: options.publicMetadata ?? {},
    private_metadata: options.privateMetadata ?? {},
    created_at,
    updated_at: created_at,
  }
  return changeInvitation(instance, row, 'organizationInvitation.created')
}

/** Adds the user to the organization, with the invitation's role and metadata. */
export function acceptInvitation(
  instance: Instance,
  { invitationId, userId }: AcceptedInvitation,
): InvitationJSON {
  const { organization, row } = pendingInvitation(instance, invitationId, 'acceptInvitation')
  userOf(instance, userId, 'acceptInvitation')
  if (organization.members.has(userId)) {
    throw new RangeError(`acceptInvitation: user '${userId}' is a member already.`)
  }
  const accepted = { ...row, status: 'accepted', updated_at: laterThan(row, instance) } as const
  const json = changeInvitation(instance, accepted, 'organizationInvitation.accepted', userId)
  addMembership(instance, organization, userId, roleOf(instance, row.role, 'acceptInvitation'), row)
  return json
}

export function revokeInvitation(instance: Instance, invitationId: string): InvitationJSON {
  const { row } = pendingInvitation(instance, invitationId, 'revokeInvitation')
  const revoked = { ...row, status: 'revoked', updated_at: laterThan(row, instance) } as const
  return changeInvitation(instance, revoked, 'organizationInvitation.revoked')
}

function changeInvitation(
  instance: Instance,
  row: InvitationRow,
  type:
    | 'organizationInvitation.created'
    | 'organizationInvitation.accepted'
    | 'organizationInvitation.revoked',
  acceptedBy?: string,
): InvitationJSON {
  const { store } = instance
  const inviter = row.inviter_id === null ? undefined : store.users.get(row.inviter_id)?.row
  const roleName = store.roles.get(row.role)?.name ?? row.role
  const json = toInvitationJSON(row, roleName, inviter, acceptedBy)
  instance.change({ put_invitation: row }, { type, data: () => json })
  return json
}

function pendingInvitation({ store }: Instance, id: string, method: string) {
  for (const organization of store.organizations.values()) {
    const row = organization.invitations.get(id)
    if (row?.status === 'pending') return { organization, row }
  }
  throw new RangeError(`${method}: there is no pending invitation '${id}'.`)
}

function userOf({ store }: Instance, id: string, method: string): UserRecord {
  const user = store.users.get(id)
  if (user === undefined) throw new RangeError(`${method}: there is no user '${id}'.`)
  return user
}

function organizationOf({ store }: Instance, id: string, method: string): OrganizationRecord {
  const organization = store.organizations.get(id)
  if (organization !== undefined) return organization
  throw new RangeError(`${method}: there is no organization '${id}'.`)
}

function roleOf({ store }: Instance, key: string, method: string): Role {
  const role = store.roles.get(key)
  if (role === undefined) throw new RangeError(`${method}: there is no role '${key}'.`)
  return role
}

function assertRoles(instance: Instance, keys: readonly string[], method: string): void {
  for (const key of keys) roleOf(instance, key, method)
}

/** A field given as `undefined` counts as left out. */
function definedOf<Fields extends object>(fields: Fields) {
  type Defined = { [Key in keyof Fields]: Exclude<Fields[Key], undefined> }
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined
}
