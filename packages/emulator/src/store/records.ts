import type { MetadataJSON } from '@org-memberships/core'
import type { Role } from './roles.js'
import type { Orders } from './orders.js'

// What the store keeps. Records point at each other, so an answer is built without a look-up. Users and organizations
// change by a new seed only; memberships change by the routes.

export interface UserRecord {
  readonly id: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly username: string | null
  /** The first one is the primary one. */
  readonly emailAddresses: readonly string[]
  readonly phoneNumbers: readonly string[]
  readonly web3Wallets: readonly string[]
  readonly imageURL: string | null
  readonly banned: boolean
  readonly deprovisioned: boolean
  readonly publicMetadata: MetadataJSON
  readonly privateMetadata: MetadataJSON
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastActiveAt: number | null
  /** Never changed in place. */
  memberships: readonly MembershipRecord[]
}

export interface OrganizationRecord {
  readonly id: string
  readonly name: string
  readonly slug: string | null
  readonly imageURL: string | null
  readonly maxAllowedMemberships: number
  readonly pendingInvitationsCount: number
  readonly adminDeleteEnabled: boolean
  readonly publicMetadata: MetadataJSON
  readonly privateMetadata: MetadataJSON
  readonly createdBy: string | undefined
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastActiveAt: number | undefined
  readonly roleSetKey: string | null
  /** Keys of the roles that members may have; `undefined` means every role of the instance. */
  readonly roleKeys: ReadonlySet<string> | undefined
  /** By user id. */
  readonly members: Map<string, MembershipRecord>
  readonly orders: Orders<MembershipRecord>
  /** Members whose role holds the minimum permissions. */
  elevatedMembers: number
}

export interface MembershipRecord {
  readonly id: string
  readonly organization: OrganizationRecord
  readonly user: UserRecord
  readonly createdAt: number
  role: Role
  publicMetadata: MetadataJSON
  privateMetadata: MetadataJSON
  updatedAt: number
}
