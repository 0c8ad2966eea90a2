import type { MetadataPatch } from '../metadata.js'
import type { OrganizationRole, PrivateMetadata, PublicMetadata } from '../register.js'

// What callers see: camelCase, plain JSON objects that cross SSR, RSC and structuredClone unharmed.
// Times are milliseconds since the epoch. A field that an answer lacked is an absent key.

/** The organization of a membership, as it was when the membership was read. */
export interface Organization {
  id: string
  name: string
  /** `null` or absent where the instance has slugs switched off. */
  slug?: string | null
  imageUrl?: string
  hasImage?: boolean
  membersCount?: number
  pendingInvitationsCount?: number
  /** True when no member holds the permissions that it takes to manage the organization. */
  missingMemberWithElevatedPermissions?: boolean
  /** 0 means unlimited. */
  maxAllowedMemberships?: number
  adminDeleteEnabled?: boolean
  publicMetadata: { [key: string]: unknown }
  /** Only ever present on a backend. */
  privateMetadata?: { [key: string]: unknown }
  /** The user who made the organization; absent when an API key made it. */
  createdBy?: string
  createdAt: number
  updatedAt: number
  lastActiveAt?: number
  roleSetKey?: string | null
}

/** What may be shown of the user behind a membership. */
export interface PublicUserData {
  userId: string
  firstName: string | null
  lastName: string | null
  imageUrl: string
  hasImage: boolean
  /** The user's main contact: an email address, a phone number or a username. */
  identifier?: string | null
  username?: string | null
  banned?: boolean
  deprovisioned?: boolean
}

/** One user in one organization. */
export interface OrganizationMembership {
  /** `orgmem_…`. The routes address a membership by organization and user, never by this id. */
  id: string
  role: OrganizationRole
  /** The role's display name, such as `Admin`. */
  roleName?: string
  /** Full keys, system permissions (`org:sys_…`) included. */
  permissions: string[]
  publicMetadata: PublicMetadata
  /** Only ever present on a backend: a server that faces browsers removes it. */
  privateMetadata?: PrivateMetadata
  organization: Organization
  publicUserData?: PublicUserData | null
  createdAt: number
  updatedAt: number
}

/** One page of a list. */
export interface OrganizationMembershipPage {
  data: OrganizationMembership[]
  /** All matches of the filters, before `limit` and `offset`. */
  totalCount: number
}

/** Who is to be added where, and with what. */
export interface CreateOrganizationMembershipParams {
  organizationId: string
  /** A user of the same instance who is not a member yet. */
  userId: string
  role: OrganizationRole
  publicMetadata?: PublicMetadata | undefined
  privateMetadata?: PrivateMetadata | undefined
}

/** Which member to look up. */
export interface GetOrganizationMembershipParams {
  organizationId: string
  userId: string
}

/** A member's new role. */
export interface UpdateOrganizationMembershipParams {
  organizationId: string
  userId: string
  role: OrganizationRole
}

/** A change to a member's metadata. */
export interface UpdateOrganizationMembershipMetadataParams {
  organizationId: string
  userId: string
  /** Merged deeply into what is stored; `null` removes a key at any level; an array is replaced whole. */
  publicMetadata?: MetadataPatch<PublicMetadata> | undefined
  /** Merged deeply into what is stored; `null` removes a key at any level; an array is replaced whole. */
  privateMetadata?: MetadataPatch<PrivateMetadata> | undefined
}

/** Which member to remove. */
export interface DeleteOrganizationMembershipParams {
  organizationId: string
  userId: string
}

/** A field to sort by; `+` or no sign sorts upwards, `-` downwards. */
export type OrganizationMembershipOrder = `${'' | '+' | '-'}${OrderField}`

type OrderField =
  | 'phone_number'
  | 'email_address'
  | 'created_at'
  | 'first_name'
  | 'last_name'
  | 'username'

/**
 * Which members a list holds. Different filters narrow each other; the values of one filter widen it. A filter that
 * is absent or an empty array does not filter. At most 100 values each.
 */
export interface OrganizationMembershipFilters {
  role?: OrganizationRole | readonly OrganizationRole[] | undefined
  /** A user id; a leading `-` excludes that user, a leading `+` includes it. */
  userId?: string | readonly string[] | undefined
  /** Exact matches. */
  emailAddress?: string | readonly string[] | undefined
  /** Exact matches. */
  phoneNumber?: string | readonly string[] | undefined
  /** Exact matches. */
  username?: string | readonly string[] | undefined
  /** Exact matches. */
  web3Wallet?: string | readonly string[] | undefined
  /** A part of an email address, phone number, username, web3 wallet, user id, first or last name. */
  query?: string | undefined
  /** A part of an email address, in any case. */
  emailAddressQuery?: string | undefined
  /** A part of a phone number. */
  phoneNumberQuery?: string | undefined
  /** A part of a username, in any case. */
  usernameQuery?: string | undefined
  /** A part of a first or last name, in any case. */
  nameQuery?: string | undefined
  /** The user's last session activity, ms since the epoch. */
  lastActiveAtBefore?: number | undefined
  /** The user's last session activity, ms since the epoch. */
  lastActiveAtAfter?: number | undefined
  /** When the user (not the membership) was created, ms since the epoch. */
  createdAtBefore?: number | undefined
  /** When the user (not the membership) was created, ms since the epoch. */
  createdAtAfter?: number | undefined
}

/** Which part of a list. */
export interface PageParams {
  /** Rows in a page, 1 to 500. @default 10 */
  limit?: number | undefined
  /** Rows to skip. @default 0 */
  offset?: number | undefined
}

/** Everything that shapes a list of one organization's members. */
export interface OrganizationMembershipQuery extends PageParams, OrganizationMembershipFilters {
  /** @default '-created_at', the newest membership first */
  orderBy?: OrganizationMembershipOrder | undefined
}

/** One page of one organization's members. */
export interface ListOrganizationMembershipsParams extends OrganizationMembershipQuery {
  organizationId: string
}

/** Which members to count. */
export interface CountOrganizationMembershipsParams extends OrganizationMembershipFilters {
  organizationId: string
}

/** How to read all pages of a list. */
export interface PagesParams {
  /**
   * Rows in a page, 2 to 500. A backend of yours may have a smaller limit: `maxLimit` of the NestJS module.
   *
   * @default 500 with a secret key, 100 with `getToken`
   */
  pageSize?: number | undefined
  /** Pages on the way at the same time, 1 to 100. @default 4 */
  concurrency?: number | undefined
}

export interface ListAllOrganizationMembershipsParams
  extends OrganizationMembershipFilters, PagesParams {
  organizationId: string
}

export interface ListAllMembershipsForUserParams extends PagesParams {
  userId: string
}

/** One page of a user's memberships. */
export interface ListMembershipsForUserParams extends PageParams {
  userId: string
}

/** One page of all memberships of the instance. */
export interface ListMembershipsForInstanceParams extends PageParams {
  /** @default '-created_at' */
  orderBy?: OrganizationMembershipOrder | undefined
}
