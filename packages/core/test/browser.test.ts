// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import { isInvalidArgumentError, OrganizationMembershipsClient } from '../src/index.js'
import { secretKey, thrownBy } from './fixtures.js'

describe('in a browser', () => {
  it('a secret key is refused, with the reason and without quoting it', () => {
    const error = thrownBy(() => new OrganizationMembershipsClient({ secretKey }))
    expect(isInvalidArgumentError(error) && error.parameter).toBe('secretKey')
    expect(String(error)).toMatch(/readable by everyone who opens the page/)
    expect(String(error)).not.toContain(secretKey)
  })

  it('a client without credential is told of getToken', () => {
    expect(() => new OrganizationMembershipsClient()).toThrow(/needs getToken/)
  })

  it('a secret key in a polyfilled environment is refused too', () => {
    vi.stubEnv('CLERK_SECRET_KEY', secretKey)
    expect(() => new OrganizationMembershipsClient()).toThrow(/needs getToken/)
    vi.unstubAllEnvs()
  })

  it('a test suite under a test DOM may have one, a page may not', () => {
    const options = { secretKey, allowSecretKeyInTestDOM: true }
    expect(() => new OrganizationMembershipsClient(options)).not.toThrow()
    const versions = vi.spyOn(process, 'versions', 'get').mockReturnValue({} as never)
    expect(() => new OrganizationMembershipsClient(options)).toThrow(/so it is refused/)
    versions.mockRestore()
  })

  it('a relative baseURL stays relative, for the page to resolve', async () => {
    const urls: unknown[] = []
    const client = new OrganizationMembershipsClient({
      getToken: () => 'token',
      baseURL: '/api/v1/',
      fetch: async (input) => {
        urls.push(input)
        return Response.json({ data: [], total_count: 0 })
      },
    })
    await client.list({ organizationId: 'org_1', limit: 1 })
    expect(urls).toEqual(['/api/v1/organizations/org_1/memberships?limit=1'])
  })
})
