import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutPrivateMetadata } from '../src/index.js'
import {
  fromOrganizationMembershipJSON,
  fromOrganizationMembershipsJSON,
  toOrganizationMembershipJSON,
  toOrganizationMembershipsJSON,
} from '../src/contract/index.js'
import { membershipJSON, organizationJSON, thrownBy, userJSON } from './fixtures.js'

const metadata = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<{
  [key: string]: unknown
}>
const time = fc.integer({ min: 0, max: 2 ** 42 })

/** Every membership that the contract allows: each optional field there or not, each nullable one null or not. */
const wireMembership = fc.record(
  {
    object: fc.constant('organization_membership' as const),
    id: fc.string(),
    role: fc.string(),
    role_name: fc.string(),
    permissions: fc.array(fc.string()),
    public_metadata: metadata,
    private_metadata: metadata,
    organization: fc.record(
      {
        object: fc.constant('organization' as const),
        id: fc.string(),
        name: fc.string(),
        slug: fc.option(fc.string()),
        image_url: fc.string(),
        has_image: fc.boolean(),
        members_count: fc.nat(),
        pending_invitations_count: fc.nat(),
        missing_member_with_elevated_permissions: fc.boolean(),
        max_allowed_memberships: fc.nat(),
        admin_delete_enabled: fc.boolean(),
        public_metadata: metadata,
        private_metadata: metadata,
        created_by: fc.string(),
        created_at: time,
        updated_at: time,
        last_active_at: time,
        role_set_key: fc.option(fc.string()),
      },
      { requiredKeys: ['object', 'id', 'name', 'public_metadata', 'created_at', 'updated_at'] },
    ),
    public_user_data: fc.option(
      fc.record(
        {
          user_id: fc.string(),
          first_name: fc.option(fc.string()),
          last_name: fc.option(fc.string()),
          image_url: fc.string(),
          has_image: fc.boolean(),
          identifier: fc.option(fc.string()),
          username: fc.option(fc.string()),
          banned: fc.boolean(),
          deprovisioned: fc.boolean(),
        },
        { requiredKeys: ['user_id', 'first_name', 'last_name', 'image_url', 'has_image'] },
      ),
    ),
    created_at: time,
    updated_at: time,
  },
  {
    requiredKeys: [
      'object',
      'id',
      'role',
      'permissions',
      'public_metadata',
      'organization',
      'created_at',
      'updated_at',
    ],
  },
)

describe('a membership', () => {
  it('goes from the wire to the domain and back unchanged, both ways', () => {
    fc.assert(
      fc.property(wireMembership, (wire) => {
        const domain = fromOrganizationMembershipJSON(wire)
        const back = toOrganizationMembershipJSON(domain)
        expect(back).toEqual(wire)
        expect(JSON.stringify(back)).not.toContain('undefined')
        expect(fromOrganizationMembershipJSON(back)).toEqual(domain)
        // An absent field is an absent key, so that spreading one over another does not erase anything.
        for (const part of [domain, domain.organization, domain.publicUserData ?? {}]) {
          expect(Object.values(part)).not.toContain(undefined)
        }
      }),
    )
  })

  it('for a browser is the same without private metadata, of its own and of its organization', () => {
    fc.assert(
      fc.property(wireMembership, (wire) => {
        const domain = fromOrganizationMembershipJSON(wire)
        const before = structuredClone(domain)
        const visible = toOrganizationMembershipJSON(withoutPrivateMetadata(domain))
        const { private_metadata: _own, organization, ...rest } = wire
        const { private_metadata: _organizations, ...visibleOrganization } = organization
        expect(visible).toEqual({ ...rest, organization: visibleOrganization })
        expect(domain).toEqual(before)
      }),
    )
  })

  it('is plain JSON that crosses structuredClone unharmed', () => {
    const domain = fromOrganizationMembershipJSON(membershipJSON())
    expect(structuredClone(domain)).toEqual(domain)
    expect(JSON.parse(JSON.stringify(domain))).toEqual(domain)
  })

  it('maps every field by name', () => {
    const domain = fromOrganizationMembershipJSON(
      membershipJSON({ public_metadata: { snake_key: { other_key: 1 }, camelKey: 2 } }),
    )
    expect(domain).toMatchObject({
      id: 'orgmem_1',
      role: 'org:member',
      roleName: 'Member',
      publicMetadata: { snake_key: { other_key: 1 }, camelKey: 2 },
      organization: {
        id: 'org_1',
        imageUrl: 'https://img.example/org_1',
        adminDeleteEnabled: true,
      },
      publicUserData: { userId: 'user_1', firstName: 'Ada', lastName: null },
      createdAt: 1_730_160_000_020,
    })
  })

  it('keeps a metadata key __proto__ as data', () => {
    const wire = JSON.parse(
      JSON.stringify(membershipJSON()).replace(
        '"public_metadata":{}',
        '"public_metadata":{"__proto__":{"polluted":true}}',
      ),
    )
    const { publicMetadata } = fromOrganizationMembershipJSON(wire)
    expect(Object.keys(publicMetadata)).toEqual(['__proto__'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('with fields nobody knows is the same membership', () => {
    const known = membershipJSON()
    const later = {
      ...known,
      shiny: true,
      organization: { ...known.organization, exclusive_membership: false },
      public_user_data: { ...userJSON(), profile_image_url: 'x', level: 9 },
    }
    expect(fromOrganizationMembershipJSON(later)).toEqual(fromOrganizationMembershipJSON(known))
  })

  it('reads null where the frontend API has it', () => {
    const domain = fromOrganizationMembershipJSON({
      ...membershipJSON(),
      permissions: null,
      private_metadata: null,
      public_user_data: null,
    })
    expect(domain.permissions).toEqual([])
    expect('privateMetadata' in domain).toBe(false)
    expect(domain.publicUserData).toBeNull()
  })
})

describe('an answer of another shape', () => {
  it.each<[place: string, json: unknown]>([
    ['the membership should be an object and is null', null],
    ['the membership should be an object and is an array', []],
    ['the membership should be an object and is of type string', 'ok'],
    ['id should be a string and is missing', { object: 'user', deleted: true }],
    ['role should be a string and is of type number', { ...membershipJSON(), role: 1 }],
    [
      'public_metadata should be an object and is missing',
      { ...membershipJSON(), public_metadata: undefined },
    ],
    [
      'permissions should be an array and is of type string',
      { ...membershipJSON(), permissions: 'all' },
    ],
    [
      'created_at should be a number and is of type string',
      { ...membershipJSON(), created_at: '2024' },
    ],
    [
      'organization should be an object and is missing',
      { ...membershipJSON(), organization: undefined },
    ],
    [
      'organization.name should be a string and is null',
      { ...membershipJSON(), organization: { ...organizationJSON(), name: null } },
    ],
    [
      'organization.created_at should be a number and is missing',
      { ...membershipJSON(), organization: { ...organizationJSON(), created_at: undefined } },
    ],
    [
      'public_user_data.user_id should be a string and is missing',
      { ...membershipJSON(), public_user_data: {} },
    ],
  ])('%s', (message, json) => {
    expect(String(thrownBy(() => fromOrganizationMembershipJSON(json)))).toBe(
      `ContractShapeError: ${message}`,
    )
  })

  it.each<[place: string, json: unknown]>([
    ['data should be an array and is missing', {}],
    ['total_count should be a number and is missing', { data: [] }],
    ['the list should be an object and is an array', [membershipJSON()]],
    ['the membership should be an object and is null', { data: [null], total_count: 1 }],
  ])('list: %s', (message, json) => {
    expect(String(thrownBy(() => fromOrganizationMembershipsJSON(json)))).toContain(message)
  })
})

describe('a page', () => {
  it('goes both ways', () => {
    fc.assert(
      fc.property(fc.array(wireMembership, { maxLength: 5 }), fc.nat(), (data, total_count) => {
        const page = fromOrganizationMembershipsJSON({ data, total_count })
        expect(page.totalCount).toBe(total_count)
        expect(toOrganizationMembershipsJSON(page)).toEqual({ data, total_count })
      }),
      { numRuns: 30 },
    )
  })
})
