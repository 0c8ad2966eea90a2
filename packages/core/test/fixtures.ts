import type {
  OrganizationJSON,
  OrganizationMembershipJSON,
  OrganizationMembershipsJSON,
  PublicUserDataJSON,
} from '../src/contract/index.js'

export const secretKey = 'sk_test_S3cretS3cretS3cret'

export function organizationJSON(overrides: Partial<OrganizationJSON> = {}): OrganizationJSON {
  return {
    object: 'organization',
    id: 'org_1',
    name: 'Acme',
    slug: 'acme',
    image_url: 'https://img.example/org_1',
    has_image: false,
    members_count: 2,
    max_allowed_memberships: 5,
    admin_delete_enabled: true,
    public_metadata: {},
    private_metadata: {},
    created_by: 'user_1',
    created_at: 1_730_160_000_000,
    updated_at: 1_730_160_000_000,
    ...overrides,
  }
}

export function userJSON(overrides: Partial<PublicUserDataJSON> = {}): PublicUserDataJSON {
  return {
    user_id: 'user_1',
    first_name: 'Ada',
    last_name: null,
    image_url: 'https://img.example/user_1',
    has_image: false,
    identifier: 'ada@example.com',
    username: null,
    banned: false,
    ...overrides,
  }
}

export function membershipJSON(
  overrides: Partial<OrganizationMembershipJSON> = {},
): OrganizationMembershipJSON {
  return {
    object: 'organization_membership',
    id: 'orgmem_1',
    role: 'org:member',
    role_name: 'Member',
    permissions: ['org:sys_memberships:read', 'org:sys_billing:read'],
    public_metadata: {},
    private_metadata: {},
    organization: organizationJSON(),
    public_user_data: userJSON(),
    created_at: 1_730_160_000_020,
    updated_at: 1_730_160_000_020,
    ...overrides,
  }
}

export function membershipsJSON(
  data: OrganizationMembershipJSON[] = [membershipJSON()],
  totalCount = data.length,
): OrganizationMembershipsJSON {
  return { data, total_count: totalCount }
}

/** What a promise rejects with; fails the test when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It was expected to reject, and resolved.')
}

/** What a function throws; fails the test when it returns. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('It was expected to throw, and returned.')
}
