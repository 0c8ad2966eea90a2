import type {
  MetadataPatch,
  OrganizationMembership,
  OrganizationRole,
  PublicMetadata,
} from '@org-memberships/core'

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
