import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutPrivateMetadata } from '../src/index.js'
import {
  type Field,
  type Fields,
  fromOrganizationMembershipJSON,
  fromOrganizationMembershipsJSON,
  isJSONObject,
  organizationMembershipFields,
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

interface Place {
  readonly path: string
  readonly field: Field
}

function placesOf(fields: Fields, at = ''): Place[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const inner = field.fields === undefined ? [] : placesOf(field.fields, `${at}${key}.`)
    return [{ path: at + key, field }].concat(inner)
  })
}

const places = placesOf(organizationMembershipFields)

/** A membership with another value at one place; `undefined` takes the field away. */
function membershipWith(path: string, value: unknown): unknown {
  const wire = membershipJSON({
    public_user_data: userJSON({ profile_image_url: 'x', deprovisioned: false }),
    organization: organizationJSON({
      pending_invitations_count: 1,
      missing_member_with_elevated_permissions: false,
      last_active_at: 1,
      role_set_key: 'default',
    }),
  })
  const keys = path.split('.')
  const last = keys.pop() as string
  const target = keys.reduce<unknown>((object, key) => Reflect.get(object as object, key), wire)
  Reflect.set(target as object, last, value)
  return JSON.parse(JSON.stringify(wire)) as unknown
}

/** What a caller sees at that place. */
function seenAt(path: string, json: unknown): unknown {
  const membership: unknown = fromOrganizationMembershipJSON(json)
  let fields: Fields = organizationMembershipFields
  return path.split('.').reduce((object, key) => {
    const field = fields[key]
    fields = field?.fields ?? {}
    const name = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
    return (object as { [name: string]: unknown })[name]
  }, membership)
}

const aRightValue = {
  id: 'x_1',
  text: 'x',
  flag: true,
  count: 3,
  time: 5,
  texts: ['a'],
  metadata: { a: 1 },
}
const wrongValues = ['x', 7, true, ['a', 1], { a: 1 }]

// Without these an answer cannot be used: who is it about, what may they do, since when.
const indispensable = [
  'id',
  'role',
  'organization',
  'organization.id',
  'organization.created_at',
  'organization.updated_at',
  'public_user_data.user_id',
  'created_at',
  'updated_at',
]
const objects = places.filter(({ field }) => /metadata|object/.test(field.kind))
const scalars = places.filter(
  ({ path, field }) =>
    !indispensable.includes(path) &&
    !objects.some((object) => object.path === path) &&
    !field.wireOnly &&
    field.kind !== 'constant',
)

describe('a field of an answer', () => {
  it.each(indispensable)('%s must be right', (path) => {
    const field = places.find((place) => place.path === path)?.field
    const right = aRightValue[field?.kind as keyof typeof aRightValue]
    const others = wrongValues.filter(
      (value) => typeof value !== typeof right || right === undefined,
    )
    for (const value of [undefined, null, ...others]) {
      if (field?.kind === 'object' && isJSONObject(value)) continue
      const error = thrownBy(() => fromOrganizationMembershipJSON(membershipWith(path, value)))
      expect(String(error)).toMatch(`ContractShapeError: ${path} should be a`)
    }
  })

  it.each(objects.map(({ path }) => path))('%s must be an object where it is there', (path) => {
    for (const value of ['x', 7, true, ['a']]) {
      const error = thrownBy(() => fromOrganizationMembershipJSON(membershipWith(path, value)))
      expect(String(error)).toMatch(`ContractShapeError: ${path} should be an object`)
    }
  })

  it('metadata that is not there is empty, private metadata absent', () => {
    for (const nothing of [undefined, null]) {
      for (const at of ['', 'organization.']) {
        expect(
          seenAt(`${at}public_metadata`, membershipWith(`${at}public_metadata`, nothing)),
        ).toEqual({})
        expect(
          seenAt(`${at}private_metadata`, membershipWith(`${at}private_metadata`, nothing)),
        ).toBe(undefined)
      }
    }
    expect(seenAt('public_user_data', membershipWith('public_user_data', null))).toBe(null)
    expect(seenAt('public_user_data', membershipWith('public_user_data', undefined))).toBe(
      undefined,
    )
  })

  it.each(scalars)(
    '$path is read where it is right, and takes no page down where not',
    ({ path, field }) => {
      const right = aRightValue[field.kind as keyof typeof aRightValue]
      expect(seenAt(path, membershipWith(path, right))).toEqual(right)
      const empties = { text: '', flag: false, texts: [], id: '', count: 0, time: 0 }
      const empty = field.nullable ? null : empties[field.kind as keyof typeof empties]
      const wrong = field.presence === 'required' ? empty : undefined
      const others = wrongValues.filter((value) => typeof value !== typeof right)
      for (const value of [undefined, ...others]) {
        expect(seenAt(path, membershipWith(path, value))).toEqual(wrong)
      }
      expect(seenAt(path, membershipWith(path, null))).toEqual(field.nullable ? null : wrong)
    },
  )

  it('permissions hold texts only', () => {
    expect(seenAt('permissions', membershipWith('permissions', ['a', null, 1, 'b']))).toEqual([
      'a',
      'b',
    ])
  })

  it('the example of a webhook, without metadata, is read', () => {
    const { public_metadata: _, private_metadata: __, ...payload } = membershipJSON()
    expect(fromOrganizationMembershipJSON(payload).publicMetadata).toEqual({})
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
