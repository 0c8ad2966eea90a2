import type {
  MetadataPatch,
  OrganizationMembership,
  OrganizationRole,
  PublicMetadata,
} from '@org-memberships/core'
import type { Presence } from './presence.js'

/** What one write asks for, with what it takes to show it before the server answers. */
export type Change =
  | {
      readonly kind: 'create'
      readonly role: OrganizationRole
      readonly publicMetadata?: PublicMetadata
      /** The row to show meanwhile; absent where too little is known to make one. */
      readonly draft?: OrganizationMembership
    }
  | {
      readonly kind: 'update'
      readonly role: OrganizationRole
      /** The new role's name and permissions as another member's row tells them; otherwise nothing is claimed. */
      readonly roleName?: string
      readonly permissions: string[]
    }
  | { readonly kind: 'updateMetadata'; readonly publicMetadata: MetadataPatch<PublicMetadata> }
  | { readonly kind: 'delete' }

/**
 * One write, from its trigger until every cached page is known to be newer than it.
 *
 *   trigger ──── queued ──── sentAt ──── in flight ──── confirmedAt ──── covers older pages ──── pruned
 *                   └── refused or aborted: removed ────────┘
 */
export interface Operation {
  readonly id: number
  readonly userId: string
  readonly change: Change
  /** Shown before it is confirmed. */
  readonly isOptimistic: boolean
  /** Moment of the log's clock at which the request left; absent while queued. */
  readonly sentAt?: number
  readonly confirmation?: Confirmation
}

/** What the server answered. */
export interface Confirmation {
  readonly at: number
  readonly after: Presence
  /** The membership just before, where the answer tells it: a delete answers with the removed row. */
  readonly before?: Presence
}
