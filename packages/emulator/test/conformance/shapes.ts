import * as v from 'valibot'

// Contract, sections 4, 10 and 16: every field that an answer must, may and may not have, as closed schemas.

const time = v.pipe(v.number(), v.integer(), v.minValue(1_000_000_000_000))
const metadata = v.record(v.string(), v.unknown())
const url = v.pipe(v.string(), v.url())

export const organizationSchema = v.strictObject({
  object: v.literal('organization'),
  id: v.string(),
  name: v.string(),
  slug: v.nullable(v.string()),
  image_url: url,
  has_image: v.boolean(),
  members_count: v.number(),
  pending_invitations_count: v.number(),
  missing_member_with_elevated_permissions: v.boolean(),
  max_allowed_memberships: v.number(),
  admin_delete_enabled: v.boolean(),
  public_metadata: metadata,
  private_metadata: metadata,
  created_by: v.optional(v.string()),
  created_at: time,
  updated_at: time,
  last_active_at: v.optional(time),
  role_set_key: v.nullable(v.string()),
})

export const membershipSchema = v.strictObject({
  object: v.literal('organization_membership'),
  id: v.pipe(v.string(), v.regex(/^orgmem_\w{27}$/)),
  role: v.string(),
  role_name: v.string(),
  permissions: v.array(v.string()),
  public_metadata: metadata,
  private_metadata: metadata,
  organization: organizationSchema,
  public_user_data: v.strictObject({
    user_id: v.string(),
    first_name: v.nullable(v.string()),
    last_name: v.nullable(v.string()),
    profile_image_url: url,
    image_url: url,
    has_image: v.boolean(),
    identifier: v.nullable(v.string()),
    username: v.nullable(v.string()),
    banned: v.boolean(),
    deprovisioned: v.boolean(),
  }),
  created_at: time,
  updated_at: time,
})

export const membershipsSchema = v.strictObject({
  data: v.array(membershipSchema),
  total_count: v.number(),
})

const verificationSchema = v.strictObject({
  object: v.literal('verification_admin'),
  status: v.literal('verified'),
  strategy: v.literal('admin'),
  attempts: v.null(),
  expire_at: v.null(),
})
const contact = {
  id: v.string(),
  verification: verificationSchema,
  created_at: time,
  updated_at: time,
}
const linkable = { reserved: v.boolean(), linked_to: v.array(v.never()) }

export const userSchema = v.strictObject({
  id: v.string(),
  object: v.literal('user'),
  external_id: v.nullable(v.string()),
  primary_email_address_id: v.nullable(v.string()),
  primary_phone_number_id: v.nullable(v.string()),
  primary_web3_wallet_id: v.nullable(v.string()),
  username: v.nullable(v.string()),
  first_name: v.nullable(v.string()),
  last_name: v.nullable(v.string()),
  profile_image_url: url,
  image_url: url,
  has_image: v.boolean(),
  public_metadata: metadata,
  private_metadata: metadata,
  unsafe_metadata: metadata,
  email_addresses: v.array(
    v.strictObject({
      object: v.literal('email_address'),
      email_address: v.string(),
      ...contact,
      ...linkable,
    }),
  ),
  phone_numbers: v.array(
    v.strictObject({
      object: v.literal('phone_number'),
      phone_number: v.string(),
      reserved_for_second_factor: v.boolean(),
      default_second_factor: v.boolean(),
      ...contact,
      ...linkable,
    }),
  ),
  web3_wallets: v.array(
    v.strictObject({ object: v.literal('web3_wallet'), web3_wallet: v.string(), ...contact }),
  ),
  passkeys: v.array(v.never()),
  external_accounts: v.array(v.never()),
  saml_accounts: v.array(v.never()),
  enterprise_accounts: v.array(v.never()),
  password_enabled: v.boolean(),
  two_factor_enabled: v.boolean(),
  totp_enabled: v.boolean(),
  backup_code_enabled: v.boolean(),
  mfa_enabled_at: v.null(),
  mfa_disabled_at: v.null(),
  last_sign_in_at: v.nullable(time),
  banned: v.boolean(),
  locked: v.boolean(),
  deprovisioned: v.boolean(),
  lockout_expires_in_seconds: v.null(),
  verification_attempts_remaining: v.number(),
  updated_at: time,
  created_at: time,
  delete_self_enabled: v.boolean(),
  create_organization_enabled: v.boolean(),
  create_organizations_limit: v.null(),
  last_active_at: v.nullable(time),
  legal_accepted_at: v.null(),
})

export const usersSchema = v.array(userSchema)

export const userCountSchema = v.strictObject({
  object: v.literal('total_count'),
  total_count: v.number(),
})

export const invitationSchema = v.strictObject({
  object: v.literal('organization_invitation'),
  id: v.pipe(v.string(), v.regex(/^orginv_\w{27}$/)),
  email_address: v.string(),
  role: v.string(),
  role_name: v.string(),
  organization_id: v.string(),
  inviter_id: v.nullable(v.string()),
  public_inviter_data: v.nullable(
    v.strictObject({
      user_id: v.string(),
      first_name: v.nullable(v.string()),
      last_name: v.nullable(v.string()),
      image_url: url,
      has_image: v.boolean(),
      identifier: v.string(),
    }),
  ),
  status: v.picklist(['pending', 'accepted', 'revoked']),
  public_metadata: metadata,
  private_metadata: metadata,
  url: v.nullable(url),
  expires_at: v.nullable(time),
  created_at: time,
  updated_at: time,
  user_id: v.optional(v.string()),
})

export const errorsSchema = v.strictObject({
  errors: v.pipe(
    v.array(
      v.strictObject({
        message: v.string(),
        long_message: v.string(),
        code: v.string(),
        meta: v.optional(metadata),
      }),
    ),
    v.minLength(1),
  ),
  clerk_trace_id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
})

export const keysSchema = v.strictObject({
  keys: v.array(
    v.strictObject({
      use: v.literal('sig'),
      kty: v.literal('RSA'),
      kid: v.string(),
      alg: v.literal('RS256'),
      n: v.string(),
      e: v.string(),
    }),
  ),
})
