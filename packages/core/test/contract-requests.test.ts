import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OrganizationMembershipQuery } from '../src/index.js'
import {
  type ClerkErrorJSON,
  fillPath,
  listParameters,
  orderFields,
  readCreateBody,
  readListQuery,
  readUpdateBody,
  readUpdateMetadataBody,
  type RequestReading,
  routes,
  toListSearchParams,
} from '../src/contract/index.js'

function errorsOf(reading: RequestReading<unknown>): ClerkErrorJSON[] {
  return reading.ok ? [] : reading.errors
}

/** Code and parameter of each error, which is what a caller acts on. */
function refusal(reading: RequestReading<unknown>): string[] {
  return errorsOf(reading).map(({ code, meta }) => `${code} ${String(meta?.param_name)}`)
}

describe('readListQuery', () => {
  const text = fc.string({ minLength: 1 })
  const texts = fc.array(text, { minLength: 1, maxLength: 100 })
  const time = fc.integer({ min: -(10 ** 14), max: 10 ** 14 })
  const query = fc.record(
    {
      limit: fc.integer({ min: 1, max: 500 }),
      offset: fc.nat(),
      orderBy: fc
        .tuple(fc.constantFrom('', '+', '-'), fc.constantFrom(...orderFields))
        .map(([sign, field]) => `${sign}${field}` as const),
      role: texts,
      // A blank in front is read as a + that was not encoded, so it does not survive by design.
      userId: fc.array(
        text.filter((id) => !id.startsWith(' ')),
        { minLength: 1, maxLength: 100 },
      ),
      emailAddress: texts,
      phoneNumber: texts,
      username: texts,
      web3Wallet: texts,
      query: fc.string(),
      emailAddressQuery: fc.string(),
      phoneNumberQuery: fc.string(),
      usernameQuery: fc.string(),
      nameQuery: fc.string(),
      lastActiveAtBefore: time,
      lastActiveAtAfter: time,
      createdAtBefore: time,
      createdAtAfter: time,
    } satisfies Record<keyof OrganizationMembershipQuery, fc.Arbitrary<unknown>>,
    { requiredKeys: [] },
  )

  it('reads what toListSearchParams writes, through a URL', () => {
    fc.assert(
      fc.property(query, (wanted) => {
        const url = new URL(`http://h/?${toListSearchParams(wanted)}`)
        expect(readListQuery(url.searchParams)).toEqual({ ok: true, value: wanted })
      }),
    )
  })

  it.each([
    ['limit=0', 'form_param_value_invalid limit'],
    ['limit=501', 'form_param_value_invalid limit'],
    ['limit=10.0', 'form_param_value_invalid limit'],
    ['limit=-1', 'form_param_value_invalid limit'],
    ['limit=', 'form_param_value_invalid limit'],
    ['limit=1e2', 'form_param_value_invalid limit'],
    ['offset=-1', 'form_param_value_invalid offset'],
    ['offset=0x10', 'form_param_value_invalid offset'],
    ['offset=9999999999999999', 'form_param_value_invalid offset'],
    ['order_by=id', 'form_param_value_invalid order_by'],
    ['order_by=%2B%2Bcreated_at', 'form_param_value_invalid order_by'],
    ['created_at_before=yesterday', 'form_param_value_invalid created_at_before'],
    [`role=${'x&role='.repeat(100)}y`, 'form_param_array_size_exceeded role'],
  ])('refuses ?%s', (search, expected) => {
    expect(refusal(readListQuery(new URLSearchParams(search)))).toEqual([expected])
  })

  it('reports every error at once', () => {
    expect(refusal(readListQuery(new URLSearchParams('limit=0&offset=-1&order_by=x')))).toEqual([
      'form_param_value_invalid limit',
      'form_param_value_invalid offset',
      'form_param_value_invalid order_by',
    ])
  })

  it('takes a blank for a + that was not encoded, and the first of a repeated order', () => {
    const search = new URLSearchParams('order_by=+created_at&order_by=-username&user_id=+user_1')
    expect(readListQuery(search)).toEqual({
      ok: true,
      value: { orderBy: '+created_at', userId: ['+user_1'] },
    })
  })

  it('takes only the parameters that the route has', () => {
    const search = new URLSearchParams('limit=5&role=org:admin&unknown=1')
    expect(readListQuery(search, ['limit', 'offset'])).toEqual({ ok: true, value: { limit: 5 } })
    expect(Object.keys(listParameters)).toHaveLength(18)
  })
})

describe('readCreateBody', () => {
  it('reads what a create sends and leaves unknown keys out', () => {
    expect(
      readCreateBody({
        user_id: 'user_1',
        role: 'org:member',
        public_metadata: { a: 1 },
        private_metadata: null,
        extra: 1,
      }),
    ).toEqual({
      ok: true,
      value: {
        user_id: 'user_1',
        role: 'org:member',
        public_metadata: { a: 1 },
        private_metadata: null,
      },
    })
  })

  const right = { user_id: 'user_1', role: 'org:member' }
  it.each<[body: unknown, errors: string[]]>([
    [undefined, ['form_param_missing user_id', 'form_param_missing role']],
    [[], ['form_param_missing user_id', 'form_param_missing role']],
    ['text', ['form_param_missing user_id', 'form_param_missing role']],
    [{ ...right, role: '' }, ['form_param_missing role']],
    [{ ...right, role: null }, ['form_param_nil role']],
    [{ ...right, user_id: 5 }, ['form_param_value_invalid user_id']],
    [{ ...right, public_metadata: [] }, ['form_param_value_invalid public_metadata']],
    [{ ...right, private_metadata: 'x' }, ['form_param_value_invalid private_metadata']],
    [Object.create(right), ['form_param_missing user_id', 'form_param_missing role']],
  ])('refuses %j', (body, errors) => {
    expect(refusal(readCreateBody(body))).toEqual(errors)
  })

  it('words its errors as the API does', () => {
    expect(errorsOf(readCreateBody({ user_id: 'user_1', role: 5 }))).toEqual([
      {
        message: 'is invalid',
        long_message: 'role is invalid. Received number, must be of type string.',
        code: 'form_param_value_invalid',
        meta: { param_name: 'role' },
      },
    ])
    expect(errorsOf(readUpdateBody({}))).toEqual([
      {
        message: 'is missing',
        long_message: 'role must be included.',
        code: 'form_param_missing',
        meta: { param_name: 'role' },
      },
    ])
  })
})

describe('readUpdateBody and readUpdateMetadataBody', () => {
  it('an update needs a role and ignores the rest', () => {
    expect(readUpdateBody({ role: 'org:admin', user_id: 'x' })).toEqual({
      ok: true,
      value: { role: 'org:admin' },
    })
    expect(refusal(readUpdateBody(null))).toEqual(['form_param_missing role'])
    expect(refusal(readUpdateBody({ role: null }))).toEqual(['form_param_nil role'])
  })

  it('a metadata update needs nothing and refuses what it does not know', () => {
    for (const body of [undefined, null, {}]) {
      expect(readUpdateMetadataBody(body)).toEqual({ ok: true, value: {} })
    }
    expect(readUpdateMetadataBody({ public_metadata: { a: null } })).toEqual({
      ok: true,
      value: { public_metadata: { a: null } },
    })
    expect(refusal(readUpdateMetadataBody({ publicMetadata: {}, private_metadata: null }))).toEqual(
      ['form_param_unknown publicMetadata', 'form_param_value_invalid private_metadata'],
    )
    expect(refusal(readUpdateMetadataBody(JSON.parse('{"__proto__":{}}')))).toEqual([
      'form_param_unknown __proto__',
    ])
  })
})

describe('routes', () => {
  it('are the seven of the contract', () => {
    expect(Object.values(routes).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /organizations/{organization_id}/memberships',
      'GET /organizations/{organization_id}/memberships',
      'PATCH /organizations/{organization_id}/memberships/{user_id}',
      'PATCH /organizations/{organization_id}/memberships/{user_id}/metadata',
      'DELETE /organizations/{organization_id}/memberships/{user_id}',
      'GET /organization_memberships',
      'GET /users/{user_id}/organization_memberships',
    ])
  })

  it('fillPath puts each parameter in as given', () => {
    expect(fillPath(routes.update.path, (name) => `:${name}`)).toBe(
      '/organizations/:organization_id/memberships/:user_id',
    )
    // `$&` is a pattern of String.replace; it must not be one here.
    expect(fillPath(routes.listForUser.path, () => '$&')).toBe('/users/$&/organization_memberships')
  })
})
