import type { UserRecord } from '../store/records.js'
import { imageURLOf } from './presentation.js'

/**
 * A user as `GET /users/{id}` answers it: the fields that the seed knows, and the others at the value of a user who
 * has never used them. Enough for `@clerk/backend` to read.
 */
export function toUserJSON(user: UserRecord): UserJSON {
  const contacts = {
    email_addresses: user.emailAddresses.map((email, index) =>
      contactJSON(user, 'email_address', 'idn', index, { email_address: email }),
    ),
    phone_numbers: user.phoneNumbers.map((phone, index) =>
      contactJSON(user, 'phone_number', 'idn_phone', index, {
        phone_number: phone,
        reserved_for_second_factor: false,
        default_second_factor: false,
      }),
    ),
    web3_wallets: user.web3Wallets.map((wallet, index) =>
      contactJSON(user, 'web3_wallet', 'idn_wallet', index, { web3_wallet: wallet }),
    ),
  }
  return {
    id: user.id,
    object: 'user',
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: imageURLOf(user),
    has_image: user.imageURL !== null,
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
    public_metadata: user.publicMetadata,
    private_metadata: user.privateMetadata,
    unsafe_metadata: {},
    external_id: null,
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
    last_active_at: user.lastActiveAt,
    last_sign_in_at: user.lastActiveAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  }
}

export interface UserJSON {
  readonly id: string
  readonly object: 'user'
  readonly username: string | null
  readonly first_name: string | null
  readonly last_name: string | null
  readonly email_addresses: readonly ContactJSON[]
  readonly [field: string]: unknown
}

export interface ContactJSON {
  readonly id: string
  readonly object: string
  readonly [field: string]: unknown
}

function contactJSON(
  user: UserRecord,
  object: string,
  prefix: string,
  index: number,
  fields: { readonly [field: string]: unknown },
): ContactJSON {
  return {
    id: `${prefix}_${user.id}_${index}`,
    object,
    ...fields,
    reserved: false,
    verification: { status: 'verified', strategy: 'admin', attempts: null, expire_at: null },
    linked_to: [],
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  }
}
