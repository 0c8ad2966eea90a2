// What the wire carries, field by field (API version 2026-05-12). Optional means: may be absent from an answer.
// The types leave out fields that nobody here reads; an answer may hold more, and that does no harm.

/** Metadata as it travels: the keys are the user's own and are never re-cased. */
export type MetadataJSON = { [key: string]: unknown }

export interface OrganizationJSON {
  object: 'organization'
  id: string
  name: string
  slug?: string | null
  image_url?: string
  has_image?: boolean
  members_count?: number
  pending_invitations_count?: number
  missing_member_with_elevated_permissions?: boolean
  max_allowed_memberships?: number
  admin_delete_enabled?: boolean
  public_metadata: MetadataJSON
  private_metadata?: MetadataJSON
  created_by?: string
  created_at: number
  updated_at: number
  last_active_at?: number
  role_set_key?: string | null
}

export interface PublicUserDataJSON {
  user_id: string
  first_name: string | null
  last_name: string | null
  /** Deprecated upstream in favour of `image_url`; still sent. */
  profile_image_url?: string | null
  image_url: string
  has_image: boolean
  identifier?: string | null
  username?: string | null
  banned?: boolean
  deprovisioned?: boolean
}

export interface OrganizationMembershipJSON {
  object: 'organization_membership'
  id: string
  role: string
  role_name?: string
  permissions: string[]
  public_metadata: MetadataJSON
  /** Sent by the Backend API; a server that faces browsers removes it. */
  private_metadata?: MetadataJSON
  organization: OrganizationJSON
  public_user_data?: PublicUserDataJSON | null
  created_at: number
  updated_at: number
}

export interface OrganizationMembershipsJSON {
  data: OrganizationMembershipJSON[]
  total_count: number
}

export interface CreateMembershipBodyJSON {
  user_id: string
  role: string
  public_metadata?: MetadataJSON | null
  private_metadata?: MetadataJSON | null
}

export interface UpdateMembershipBodyJSON {
  role: string
}

export interface UpdateMembershipMetadataBodyJSON {
  public_metadata?: MetadataJSON
  private_metadata?: MetadataJSON
}

/** One entry of an error answer. `code` is stable, the texts are not. */
export interface ClerkErrorJSON {
  message: string
  long_message: string
  code: string
  meta?: { [key: string]: unknown }
}

export interface ClerkErrorsJSON {
  errors: ClerkErrorJSON[]
  /** 32 hex characters; what Clerk's support asks for. */
  clerk_trace_id?: string
}
