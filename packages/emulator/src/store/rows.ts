import type {
  MetadataJSON,
  OrganizationJSON,
  OrganizationMembershipJSON,
} from '@org-memberships/core/contract'

// What an instance holds, as it goes over the wire: seeds, data files and answers are made of these rows. A row is never
// changed in place. A change puts another row in its place, so an old row is the state before.

/** Fields that are always stored; the others of a row are absent where nobody gave them. */
type With<JSON, Always extends keyof JSON> = {
  readonly [Key in Always]-?: Exclude<JSON[Key], undefined>
} & Readonly<Omit<JSON, Always>>

/** What is stored of an organization as it goes over the wire: everything that is not worked out for an answer. */
export type StoredOrganization = Omit<
  OrganizationJSON,
  | 'object'
  | 'image_url'
  | 'has_image'
  | 'members_count'
  | 'pending_invitations_count'
  | 'missing_member_with_elevated_permissions'
>

/** What is stored of a membership as it goes over the wire: everything that is not worked out for an answer. */
export type StoredMembership = Omit<
  OrganizationMembershipJSON,
  'object' | 'role_name' | 'permissions' | 'organization' | 'public_user_data'
>

export interface UserRow {
  readonly id: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly username: string | null
  /** The first one is the primary one. */
  readonly email_address: readonly string[]
  readonly phone_number: readonly string[]
  readonly web3_wallet: readonly string[]
  readonly image_url: string | null
  readonly external_id: string | null
  readonly banned: boolean
  readonly deprovisioned: boolean
  readonly public_metadata: MetadataJSON
  readonly private_metadata: MetadataJSON
  readonly created_at: number
  readonly updated_at: number
  readonly last_active_at: number | null
}

export type OrganizationRow = With<
  StoredOrganization,
  'slug' | 'max_allowed_memberships' | 'admin_delete_enabled' | 'private_metadata' | 'role_set_key'
> & {
  readonly image_url: string | null
  /** Besides the invitations that the instance holds itself. */
  readonly pending_invitations_count: number
  /** Keys of the roles that members may have; absent means every role of the instance. */
  readonly roles?: readonly string[]
}

export type MembershipRow = With<StoredMembership, 'private_metadata'> & {
  readonly organization_id: string
  readonly user_id: string
  readonly managed_by_scim?: boolean
}

export interface InvitationRow {
  readonly id: string
  readonly organization_id: string
  readonly email_address: string
  readonly role: string
  readonly status: 'pending' | 'accepted' | 'revoked'
  readonly inviter_id: string | null
  readonly public_metadata: MetadataJSON
  readonly private_metadata: MetadataJSON
  readonly created_at: number
  readonly updated_at: number
}

/** One change of an instance. Data files keep them line by line. */
export type Change =
  | { readonly put: MembershipRow }
  | { readonly remove: MembershipPlace }
  | { readonly put_user: UserRow }
  | { readonly remove_user: string }
  | { readonly put_organization: OrganizationRow }
  | { readonly remove_organization: string }
  | { readonly put_invitation: InvitationRow }
  | { readonly remove_invitation: InvitationPlace }

export interface MembershipPlace {
  readonly organization_id: string
  readonly user_id: string
}

export interface InvitationPlace {
  readonly organization_id: string
  readonly id: string
}
