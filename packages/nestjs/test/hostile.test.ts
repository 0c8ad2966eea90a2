import { APP_FILTER } from '@nestjs/core'
import type { ClerkErrorsJSON } from '@org-memberships/core/contract'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OrganizationMembershipsExceptionFilter } from '../src/index.js'
import { adapters } from './support/app.js'
import { call, type Mounted, origin, startMounted } from './support/mounted.js'
import { sendRaw } from './support/raw.js'
import { planted } from './support/seed.js'

describe.each(adapters)('hostile requests on %s', (adapter) => {
  let mounted: Mounted
  let token: string

  beforeAll(async () => {
    mounted = await startMounted(adapter, {
      metadata: {
        providers: [{ provide: APP_FILTER, useClass: OrganizationMembershipsExceptionFilter }],
      },
    })
    token = await mounted.emulator.createSessionToken({
      userId: 'user_ada',
      azp: origin,
      expiresIn: 600,
    })
  })
  afterAll(() => mounted.close())

  const memberships = (id = 'org_acme') => `${mounted.url}/v1/organizations/${id}/memberships`
  const codes = (json: unknown) => (json as ClerkErrorsJSON).errors.map(({ code }) => code)
  const send = (method: string, path: string, body: unknown, headers = {}) =>
    call(method, `${memberships()}${path}`, { token, body, headers })

  describe('bodies', () => {
    it.each([
      ['broken JSON', '{"role":', 400, 'request_body_invalid'],
      ['an array', '[]', 400, 'request_body_invalid'],
      ['a string', '"role"', 400, 'request_body_invalid'],
      ['null', 'null', 400, 'request_body_invalid'],
      ['no role', '{}', 422, 'form_param_missing'],
      ['a role that is null', '{"role":null}', 422, 'form_param_nil'],
      ['a role that is a number', '{"role":1}', 422, 'form_param_value_invalid'],
      ['a role that is nobody', '{"role":"org:nobody"}', 404, 'resource_not_found'],
      [
        'private metadata',
        '{"role":"org:member","private_metadata":{}}',
        422,
        'form_param_unknown',
      ],
      ['a megabyte and more', `{"role":"${'x'.repeat(1_100_000)}"}`, 413, 'request_body_too_large'],
    ])('%s', async (_, body, status, code) => {
      const answer = await send('PATCH', '/user_bob', body)
      expect([answer.status, codes(answer.json)]).toEqual([status, [code]])
    })

    it('that are not there', async () => {
      const answer = await send('PATCH', '/user_bob', undefined)
      expect([answer.status, codes(answer.json)]).toEqual([422, ['form_param_missing']])
      expect((await send('PATCH', '/user_bob/metadata', undefined)).status).toBe(200)
    })

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'application/json+x',
    ])('of the type %s', async (type) => {
      const answer = await send('PATCH', '/user_bob', 'role=org:admin', { 'Content-Type': type })
      expect([answer.status, codes(answer.json)]).toEqual([415, ['unsupported_content_type']])
    })

    it('that say application/json in another way are fine', async () => {
      const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' }
      const answer = await send('PATCH', '/user_bob', '{"role":"org:member"}', headers)
      expect(answer.status).toBe(200)
    })

    it('cannot bring private metadata in, by whatever name', async () => {
      const refused = async (method: string, path: string, body: unknown) => {
        const answer = await send(method, path, body)
        expect(answer.status).toBe(422)
        expect((answer.json as ClerkErrorsJSON).errors.at(-1)).toEqual({
          code: 'form_param_unknown',
          message: 'is unknown',
          long_message: 'private_metadata is not a valid parameter for this request.',
          meta: { param_name: 'private_metadata' },
        })
      }
      const create = { user_id: 'user_dan', role: 'org:member' }
      await refused('POST', '', { ...create, private_metadata: { a: 1 } })
      await refused('POST', '', { ...create, private_metadata: null })
      await refused('PATCH', '/user_bob/metadata', { private_metadata: { a: 1 } })
      expect((await send('PATCH', '/user_bob/metadata', { privateMetadata: {} })).status).toBe(422)
    })

    it('keep __proto__ as a plain key, or are refused by the parser', async () => {
      const body = '{"public_metadata":{"__proto__":{"polluted":true},"constructor":{"x":1}}}'
      const answer = await send('PATCH', '/user_bob/metadata', body)
      expect([200, 400]).toContain(answer.status)
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    })

    it('that nest very deeply get a 4xx', async () => {
      const deep = `{"public_metadata":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`
      const answer = await send('PATCH', '/user_bob/metadata', deep)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
    })
  })

  describe('queries', () => {
    it.each([
      ['limit=0', 'form_param_value_invalid'],
      ['limit=501', 'form_param_value_invalid'],
      ['limit=1e2', 'form_param_value_invalid'],
      ['offset=-1', 'form_param_value_invalid'],
      ['order_by=password', 'form_param_value_invalid'],
      ['role=', 'form_param_value_invalid'],
      ['email_address=ada@example.com', 'form_param_unknown'],
      ['last_active_at_after=1', 'form_param_unknown'],
      [`user_id=x${'&user_id=x'.repeat(100)}`, 'form_param_array_size_exceeded'],
    ])('%s', async (query, code) => {
      const answer = await call('GET', `${memberships()}?${query}`, { token })
      expect([answer.status, codes(answer.json)]).toEqual([422, [code]])
      const parameter = query.split('=')[0]
      expect(answer.json).toMatchObject({ errors: [{ meta: { param_name: parameter } }] })
    })

    it.each([
      'limit[]=1',
      'limit[$gt]=',
      'role[0]=org:admin',
      'unknown=1',
      '__proto__[x]=1',
      '&&=',
    ])('%s means nothing', async (query) => {
      const answer = await call('GET', `${memberships()}?${query}`, { token })
      expect(answer.status).toBe(200)
    })
  })

  describe('paths', () => {
    const request = (method: string, path: string, body = '') =>
      sendRaw(
        mounted.url,
        [
          `${method} ${path} HTTP/1.1`,
          `Authorization: Bearer ${token}`,
          ...(body === ''
            ? []
            : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
        ],
        body,
      )

    it.each([
      '/v1/organizations/%2e%2e/memberships',
      '/v1/organizations/../memberships',
      '/v1/organizations/%2e%2e%2forg_acme/memberships',
      '/v1/organizations/org_globex%2fmemberships%3f/memberships',
      '/v1/organizations/%00/memberships',
      '/v1/organizations/%/memberships',
      '/v1/organizations/%ff/memberships',
      '/v1/organizations/%ed%a0%80/memberships',
      '/v1/organizations//memberships',
      `/v1/organizations/${'x'.repeat(5_000)}/memberships`,
      '/v1/organizations/org_acme/memberships/../../org_globex/memberships',
      '//v1/organizations/org_globex/memberships',
      '/v1/organizations/org_globex/memberships;x=1',
      '/V1/organizations/org_globex/memberships',
    ])('GET %s', async (path) => {
      const answer = await request('GET', path)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.body).not.toContain('Globex')
      expect(answer.body).not.toMatch(/at .*\.js:\d+/)
    })

    it.each([
      '%2e%2e',
      '%2e',
      '%2e%2e%2forg_globex',
      'user_bob%2fmetadata',
      '%23',
      '%3fx',
      '+user_bob',
      '-user_bob',
    ])('PATCH and DELETE a member %s', async (id) => {
      const answers = await Promise.all([
        request('DELETE', `/v1/organizations/org_acme/memberships/${id}`),
        request('PATCH', `/v1/organizations/org_acme/memberships/${id}`, '{"role":"org:member"}'),
        request('PATCH', `/v1/organizations/org_acme/memberships/${id}/metadata`, '{}'),
      ])
      for (const { status } of answers) expect([404, 422]).toContain(status)
    })

    it('that a parser refuses get the envelope too, where the framework lets a filter see them', async () => {
      const { status, body } = await request('GET', '/v1/organizations/%/memberships')
      expect(status).toBe(400)
      expect(body.includes('"errors"')).toBe(adapter === 'express')
    })
  })

  it('with anything at all in path, query and body never get a 5xx, a secret or a hang', async () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'),
        fc.oneof(fc.constant('org_acme'), anyText),
        fc.option(anyText, { nil: undefined }),
        fc.dictionary(fc.constantFrom('limit', 'offset', 'role', 'user_id', 'query', 'x'), anyText),
        fc.oneof(fc.json({ maxDepth: 3 }), anyText),
        async (method, organizationId, userId, query, body) => {
          const path = [organizationId, 'memberships', ...(userId === undefined ? [] : [userId])]
          const url = `${mounted.url}/v1/organizations/${path.map((id) => encodeURIComponent(id)).join('/')}`
          const search = new URLSearchParams(Object.entries(query))
          const answer = await call(method, `${url}?${search}`, {
            token,
            ...(method !== 'GET' && { body: body }),
          })
          expect(answer.status).toBeLessThan(500)
          for (const secret of [
            planted.membership,
            planted.organization,
            mounted.emulator.secretKey,
          ]) {
            expect(answer.text).not.toContain(secret)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
