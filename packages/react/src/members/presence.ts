import {
  mergeMetadata,
  type MetadataPatch,
  type OrganizationMembership,
  type OrganizationRole,
  type PublicMetadata,
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
      /** The new role's name and permissions as another member's row has them; otherwise nothing is claimed. */
      readonly roleName?: string
      readonly permissions: string[]
    }
  | { readonly kind: 'updateMetadata'; readonly publicMetadata: MetadataPatch<PublicMetadata> }
  | { readonly kind: 'delete' }

/**
 * What is known of one user's membership at one moment. A part that is not known is absent, and is never guessed: it
 * takes a refetch to learn it.
 */
export type Presence = Absent | Present

export interface Absent {
  readonly isMember: false
}

export interface Present {
  readonly isMember: true
  readonly role?: string
  readonly row?: OrganizationMembership
  /** Which membership of the user it is: when it was created. */
  readonly since?: number
  /** The row was made up from a create that no server has answered: its id and times are not real. */
  readonly isDraft?: boolean
}

export const absent: Absent = { isMember: false }

export function presentRow(row: OrganizationMembership): Present {
  return { isMember: true, role: row.role, row, since: row.createdAt }
}

/** What a change makes of a membership. Applied twice it gives the same as once, so an overlap does no harm. */
export function applyChange(before: Presence, change: Change): Presence {
  if (change.kind === 'create') {
    if (before.isMember) return before
    const { role, draft } = change
    return draft ? { ...presentRow(draft), isDraft: true } : { isMember: true, role }
  }
  if (change.kind === 'delete' || !before.isMember) return absent
  const { row } = before
  if (change.kind === 'update') {
    if (!row) return { ...before, role: change.role }
    if (row.role === change.role) return before
    const { role, roleName, permissions } = change
    const { roleName: _, ...rest } = row
    const named = roleName === undefined ? rest : { ...rest, roleName }
    return { ...before, role, row: { ...named, role, permissions } }
  }
  if (!row) return before
  const publicMetadata = mergeMetadata(row.publicMetadata, change.publicMetadata)
  return publicMetadata === row.publicMetadata
    ? before
    : { ...before, row: { ...row, publicMetadata } }
}
