import type { MetadataJSON } from '@org-memberships/core/contract'
import type { InvitationRow, UserRow } from '../store/rows.js'
import { identifierOf, imageURLOf } from './presentation.js'

/** An organization invitation as events carry it. */
export interface InvitationJSON {
  readonly object: 'organization_invitation'
  readonly id: string
  readonly email_address: string
  readonly role: string
  readonly role_name: string
  readonly organization_id: string
  readonly inviter_id: string | null
  readonly public_inviter_data: {
    readonly user_id: string
    readonly first_name: string | null
    readonly last_name: string | null
    readonly image_url: string
    readonly has_image: boolean
    readonly identifier: string
  } | null
  readonly status: 'pending' | 'accepted' | 'revoked'
  readonly public_metadata: MetadataJSON
  readonly private_metadata: MetadataJSON
  readonly url: string | null
  readonly expires_at: number | null
  readonly created_at: number
  readonly updated_at: number
  /** Who accepted it; only in the event of that. */
  readonly user_id?: string
}

const thirtyDays = 30 * 86_400_000

export function toInvitationJSON(
  row: InvitationRow,
  roleName: string,
  inviter: UserRow | undefined,
  acceptedBy?: string,
): InvitationJSON {
  return {
    object: 'organization_invitation',
    ...row,
    role_name: roleName,
    public_inviter_data:
      inviter === undefined
        ? null
        : {
            user_id: inviter.id,
            first_name: inviter.first_name,
            last_name: inviter.last_name,
            image_url: imageURLOf(inviter),
            has_image: inviter.image_url !== null,
            identifier: identifierOf(inviter) ?? '',
          },
    url: row.status === 'pending' ? `https://accounts.example/invitation/${row.id}` : null,
    expires_at: row.created_at + thirtyDays,
    ...(acceptedBy !== undefined && { user_id: acceptedBy }),
  }
}
