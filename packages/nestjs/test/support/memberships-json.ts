import type { OrganizationMembershipsJSON } from '@org-memberships/core/contract'

/** A page of the API with one member, or none, whose public metadata is as given. */
export function membershipsJSON(
  metadata: readonly { [key: string]: unknown }[],
): OrganizationMembershipsJSON {
  return {
    data: metadata.map((public_metadata) => ({
      object: 'organization_membership',
      id: 'orgmem_1',
      role: 'org:member',
      role_name: 'Member',
      permissions: ['org:sys_memberships:read'],
      public_metadata,
      private_metadata: {},
      organization: {
        object: 'organization',
        id: 'org_1',
        name: 'One',
        slug: 'one',
        public_metadata: {},
        private_metadata: {},
        created_at: 1,
        updated_at: 1,
      },
      public_user_data: {
        user_id: 'user_1',
        first_name: null,
        last_name: null,
        image_url: '',
        has_image: false,
        identifier: 'one@example.com',
      },
      created_at: 1,
      updated_at: 1,
    })),
    total_count: metadata.length,
  }
}
