import type { MetadataJSON } from '@org-memberships/core'

// What an emulator starts with, in wire terms. Only ids are needed; everything else has a default.

export interface Seed {
  users?: readonly SeedUser[]
  organizations?: readonly SeedOrganization[]
  /** Besides `org:admin` and `org:member`, or in place of one of them. At most 10 with keys of your own. */
  roles?: readonly SeedRole[]
}

export interface SeedUser {
  /** Any text but `.` and `..`. */
  id: string
  first_name?: string | null
  last_name?: string | null
  username?: string | null
  /** The first one is the primary one. */
  email_address?: string | readonly string[] | null
  phone_number?: string | readonly string[] | null
  web3_wallet?: string | readonly string[] | null
  image_url?: string | null
  /** @default false */
  banned?: boolean
  /** @default false */
  deprovisioned?: boolean
  public_metadata?: MetadataJSON
  private_metadata?: MetadataJSON
  /** ms since the epoch. @default just before the seed was read, growing in file order */
  created_at?: number
  /** ms since the epoch. @default `created_at` */
  updated_at?: number
  /** Last session activity, ms since the epoch. */
  last_active_at?: number | null
}

export interface SeedOrganization {
  /** Any text but `.` and `..`. */
  id: string
  /** @default the id */
  name?: string
  slug?: string | null
  image_url?: string | null
  /** Members and pending invitations together; 0 means unlimited. @default 0 */
  max_allowed_memberships?: number
  /** @default 0 */
  pending_invitations_count?: number
  /** @default true */
  admin_delete_enabled?: boolean
  public_metadata?: MetadataJSON
  private_metadata?: MetadataJSON
  /** A user's id. */
  created_by?: string
  created_at?: number
  updated_at?: number
  last_active_at?: number
  /** @default null */
  role_set_key?: string | null
  /** Keys of the roles that members may have. @default every role of the instance */
  roles?: readonly string[]
  memberships?: readonly SeedMembership[]
}

export interface SeedMembership {
  user_id: string
  role: string
  /** @default a new KSUID whose time agrees with `created_at` */
  id?: string
  public_metadata?: MetadataJSON
  private_metadata?: MetadataJSON
  /** ms since the epoch. @default just before the seed was read, growing in file order */
  created_at?: number
  updated_at?: number
}

export interface SeedRole {
  /** `org:` and lowercase letters, digits or `_`. */
  key: string
  /** @default the key's last part, capitalised */
  name?: string
  /** Full keys, system permissions (`org:sys_…`) included. @default none */
  permissions?: readonly string[]
}
