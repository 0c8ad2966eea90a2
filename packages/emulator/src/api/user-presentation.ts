import type { UserRow } from '../store/rows.js'
import { imageURLOf } from './presentation.js'

/**
 * A user as `GET /users/{id}` answers it: the fields that the seed knows, and the others at the value of a user who
 * has never used them. Enough for `@clerk/backend` to read.
 */
export function toUserJSON(user: UserRow): UserJSON {
  const contacts = {
    email_addresses: user.email_address.map((email_address, index) => ({
      ...contactJSON(user, 'email_address', 'idn', index),
      ...linkable,
      email_address,
    })),
    phone_numbers: user.phone_number.map((phone_number, index) => ({
      ...contactJSON(user, 'phone_number', 'idn_phone', index),
      ...linkable,
      phone_number,
      reserved_for_second_factor: false,
      default_second_factor: false,
    })),
    // Its schema has neither `linked_to` nor `reserved`, and is closed.
    web3_wallets: user.web3_wallet.map((web3_wallet, index) => ({
      ...contactJSON(user, 'web3_wallet', 'idn_wallet', index),
      web3_wallet,
    })),
  }
  return {
    id: user.id,
    object: 'user',
    username: user.username,
    first_name: user.first_name,
    last_name: user.last_name,
    image_url: imageURLOf(user),
    has_image: user.image_url !== null,
    profile_image_url: imageURLOf(user),
    primary_email_address_id: contacts.email_addresses[0]?.id ?? null,
    primary_phone_number_id: contacts.phone_numbers[0]?.id ?? null,
    primary_web3_wallet_id: contacts.web3_wallets[0]?.id ?? null,
    ...contacts,
    passkeys: [],
    external_accounts: [],
    saml_accounts: [],
    enterprise_accounts: [],
    password_enabled: false,
    two_factor_enabled: false,
    totp_enabled: false,
    backup_code_enabled: false,
    public_metadata: user.public_metadata,
    private_metadata: user.private_metadata,
    unsafe_metadata: {},
    external_id: user.external_id,
    banned: user.banned,
    deprovisioned: user.deprovisioned,
    locked: false,
    lockout_expires_in_seconds: null,
    verification_attempts_remaining: 100,
    delete_self_enabled: true,
    create_organization_enabled: true,
    create_organizations_limit: null,
    mfa_enabled_at: null,
    mfa_disabled_at: null,
    legal_accepted_at: null,
    last_active_at: user.last_active_at,
    last_sign_in_at: user.last_active_at,
    created_at: user.created_at,
    updated_at: user.updated_at,
  }
}

export interface UserJSON {
  readonly id: string
  readonly object: 'user'
  readonly username: string | null
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email_addresses: readonly ContactJSON[]
  readonly external_id: string | null
  readonly [field: string]: unknown
}

export interface ContactJSON {
  readonly id: string
  readonly object: string
  readonly [field: string]: unknown
}

const linkable = { reserved: false, linked_to: [] } as const

function contactJSON(user: UserRow, object: string, prefix: string, index: number): ContactJSON {
  return {
    id: `${prefix}_${user.id}_${index}`,
    object,
    verification: {
      // Strict clients tell the kinds of verification apart by this field.
      object: 'verification_admin',
      status: 'verified',
      strategy: 'admin',
      attempts: null,
      expire_at: null,
    },
    created_at: user.created_at,
    updated_at: user.updated_at,
  }
}
