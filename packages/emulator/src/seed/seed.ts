import type { MetadataJSON } from '@org-memberships/core/contract'
import type { StoredMembership, StoredOrganization } from '../store/rows.js'

// What an emulator starts with, in wire terms. Only ids are needed; everything else has a default.

export interface Seed {
  users?: readonly SeedUser[] | undefined
  organizations?: readonly SeedOrganization[] | undefined
  /** Besides `org:admin` and `org:member`, or in place of one of them. At most 10 with keys of your own. */
  roles?: readonly SeedRole[] | undefined
}

export interface SeedUser {
  /** Any text but `.` and `..`. */
  id: string
  first_name?: string | null | undefined
  last_name?: string | null | undefined
  username?: string | null | undefined
  /** The first one is the primary one. */
  email_address?: string | readonly string[] | null | undefined
  phone_number?: string | readonly string[] | null | undefined
  web3_wallet?: string | readonly string[] | null | undefined
  image_url?: string | null | undefined
  /** @default false */
  banned?: boolean | undefined
  /** Your own id for the user. */
  external_id?: string | null | undefined
  /** @default false */
  deprovisioned?: boolean | undefined
  public_metadata?: MetadataJSON | undefined
  private_metadata?: MetadataJSON | undefined
  /** ms since the epoch. @default just before the seed was read, growing in file order */
  created_at?: number | undefined
  /** ms since the epoch. @default `created_at` */
  updated_at?: number | undefined
  /** Last session activity, ms since the epoch. */
  last_active_at?: number | null | undefined
}

/** Fields that a seed need not carry. */
type Optional<JSON> = { readonly [Key in keyof JSON]?: JSON[Key] | undefined }

/** As on the wire, but for fields that are worked out. */
export interface SeedOrganization extends Optional<Omit<StoredOrganization, 'id'>> {
  /** Any text but `.` and `..`. */
  readonly id: string
  /** @default the id */
  readonly name?: string | undefined
  /** `null` for an instance without slugs. @default made from the name, such as `acme-inc` */
  readonly slug?: string | null | undefined
  readonly image_url?: string | null | undefined
  /** Members and pending invitations together; 0 means unlimited. @default 0 */
  readonly max_allowed_memberships?: number | undefined
  /** @default 0 */
  readonly pending_invitations_count?: number | undefined
  /** @default true */
  readonly admin_delete_enabled?: boolean | undefined
  /** A user's id. */
  readonly created_by?: string | undefined
  /** @default null */
  readonly role_set_key?: string | null | undefined
  /** Keys of the roles that members may have. @default every role of the instance */
  readonly roles?: readonly string[] | undefined
  readonly memberships?: readonly SeedMembership[] | undefined
}

/** As on the wire, but for fields that are worked out. */
export interface SeedMembership extends Optional<Omit<StoredMembership, 'role'>> {
  readonly user_id: string
  readonly role: string
  /** @default a new KSUID whose time agrees with `created_at` */
  readonly id?: string | undefined
  /** ms since the epoch. @default just before the seed was read, growing in file order */
  readonly created_at?: number | undefined
  /** The membership comes from a directory (SCIM): changing its role and removing it are answered 409. @default false */
  readonly managed_by_scim?: boolean | undefined
}

export interface SeedRole {
  /** `org:` and lowercase letters, digits or `_`. */
  key: string
  /** @default the key's last part, capitalised */
  name?: string | undefined
  /**
   * Full keys, system permissions (`org:sys_…`) included. `null` is none, and is answered as `null`: the API was once
   * seen to do so, and clients that expect an array then fail.
   *
   * @default none
   */
  permissions?: readonly string[] | null | undefined
}
