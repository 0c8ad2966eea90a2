import type {
  MetadataPatch,
  OrganizationMembership,
  OrganizationRole,
  PublicMetadata,
  PublicUserData,
} from '@org-memberships/core'
import { toPlainJSON } from '@org-memberships/core/contract'
import type { Change } from '../members/presence.js'
import type { MemberTable } from '../members/table.js'
import { useWrite, type WriteOptions, type WriteResponse } from './use-write.js'

type OrganizationId = string | null | undefined

export interface CreateOrganizationMembershipArgument {
  userId: string
  role: OrganizationRole
  publicMetadata?: PublicMetadata | undefined
  /** What you know of the user (from your user picker, say), to show until the server answers. Not sent. */
  publicUserData?: Partial<Omit<PublicUserData, 'userId'>> | undefined
}

export interface UpdateOrganizationMembershipArgument {
  userId: string
  role: OrganizationRole
}

export interface UpdateOrganizationMembershipMetadataArgument {
  userId: string
  /** Merged deeply into what is stored; `null` removes a key at any level; an array is replaced whole. */
  publicMetadata: MetadataPatch<PublicMetadata>
}

export interface DeleteOrganizationMembershipArgument {
  userId: string
}

/** Adds users to an organization. */
export function useCreateOrganizationMembership<Throws extends boolean = true>(
  organizationId: OrganizationId,
  options: WriteOptions<CreateOrganizationMembershipArgument, Throws> = {},
): WriteResponse<CreateOrganizationMembershipArgument, Throws> {
  return useWrite('useCreateOrganizationMembership', organizationId, options, toCreate)
}

/** Changes members' roles. */
export function useUpdateOrganizationMembership<Throws extends boolean = true>(
  organizationId: OrganizationId,
  options: WriteOptions<UpdateOrganizationMembershipArgument, Throws> = {},
): WriteResponse<UpdateOrganizationMembershipArgument, Throws> {
  return useWrite('useUpdateOrganizationMembership', organizationId, options, toUpdate)
}

/**
 * Merges into members' public metadata. Patches of one member that wait for their turn leave as one request where one
 * patch can say the same.
 */
export function useUpdateOrganizationMembershipMetadata<Throws extends boolean = true>(
  organizationId: OrganizationId,
  options: WriteOptions<UpdateOrganizationMembershipMetadataArgument, Throws> = {},
): WriteResponse<UpdateOrganizationMembershipMetadataArgument, Throws> {
  return useWrite('useUpdateOrganizationMembershipMetadata', organizationId, options, toMetadata)
}

/** Removes members. A member who was gone already is removed as well: `trigger` resolves with the last known row. */
export function useDeleteOrganizationMembership<Throws extends boolean = true>(
  organizationId: OrganizationId,
  options: WriteOptions<DeleteOrganizationMembershipArgument, Throws> = {},
): WriteResponse<DeleteOrganizationMembershipArgument, Throws> {
  return useWrite('useDeleteOrganizationMembership', organizationId, options, toDelete)
}

function toCreate(argument: CreateOrganizationMembershipArgument, table: MemberTable): Change {
  const { userId, role, publicUserData } = argument
  const publicMetadata =
    argument.publicMetadata &&
    (toPlainJSON(argument.publicMetadata, 'publicMetadata') as PublicMetadata)
  const metadata = publicMetadata && { publicMetadata }
  const organization = table.organizationInRows
  if (!organization) return { kind: 'create', role, ...metadata }
  const now = Date.now()
  const draft: OrganizationMembership = {
    id: `draft:${userId}`,
    role,
    ...describeRole(role, table),
    publicMetadata: publicMetadata ?? ({} as PublicMetadata),
    organization,
    publicUserData: {
      firstName: null,
      lastName: null,
      imageUrl: '',
      hasImage: false,
      ...publicUserData,
      userId,
    },
    createdAt: now,
    updatedAt: now,
  }
  return { kind: 'create', role, ...metadata, draft }
}

function toUpdate({ role }: UpdateOrganizationMembershipArgument, table: MemberTable): Change {
  return { kind: 'update', role, ...describeRole(role, table) }
}

function toMetadata({ publicMetadata }: UpdateOrganizationMembershipMetadataArgument): Change {
  const patch = toPlainJSON(publicMetadata, 'publicMetadata')
  return { kind: 'updateMetadata', publicMetadata: patch as MetadataPatch<PublicMetadata> }
}

function toDelete(): Change {
  return { kind: 'delete' }
}

/** A role's name and permissions as another member's row tells them; claimed of nobody where no row does. */
function describeRole(
  role: string,
  table: MemberTable,
): Pick<OrganizationMembership, 'roleName' | 'permissions'> {
  const row = table.findByRole(role)
  const name = row?.roleName === undefined ? undefined : { roleName: row.roleName }
  return { ...name, permissions: row?.permissions ?? [] }
}
