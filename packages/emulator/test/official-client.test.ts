import { createClerkClient, verifyToken } from '@clerk/backend'
import { isClerkAPIResponseError } from '@clerk/backend/errors'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../src/index.js'
import { acme } from './acme.js'

let emulator: Emulator
let clerk: ReturnType<typeof createClerkClient>

beforeEach(async () => {
  emulator = await createEmulator({ seed: acme })
  clerk = createClerkClient({ secretKey: emulator.secretKey, apiUrl: emulator.origin })
})
afterEach(() => emulator.close())

describe('the official client', () => {
  it('creates a membership', async () => {
    const membership = await clerk.organizations.createOrganizationMembership({
      organizationId: 'org_acme',
      userId: 'user_cleo',
      role: 'org:member',
    })
    expect(membership.id).toMatch(/^orgmem_[0-9A-Za-z]{27}$/)
    expect(membership.role).toBe('org:member')
    expect(membership.permissions).toEqual(['org:sys_memberships:read', 'org:sys_billing:read'])
    expect(membership.publicUserData?.identifier).toBe('+15551234567')
    expect(membership.organization.membersCount).toBe(3)
  })

  it('lists the members of an organization, newest first', async () => {
    const page = await clerk.organizations.getOrganizationMembershipList({
      organizationId: 'org_acme',
    })
    expect(page.totalCount).toBe(2)
    expect(page.data.map((row) => row.publicUserData?.userId)).toEqual(['user_bob', 'user_ada'])
    expect(page.data[0]?.publicMetadata).toEqual({ team: { name: 'red' } })
    expect(page.data[0]?.organization.slug).toBe('acme')
  })

  it('filters and orders a list', async () => {
    const ids = async (filters: object) => {
      const { data } = await clerk.organizations.getOrganizationMembershipList({
        organizationId: 'org_acme',
        ...filters,
      })
      return data.map((row) => row.publicUserData?.userId)
    }
    expect(await ids({ role: ['org:admin'] })).toEqual(['user_ada'])
    expect(await ids({ userId: ['-user_ada'] })).toEqual(['user_bob'])
    expect(await ids({ emailAddressQuery: 'ADA' })).toEqual(['user_ada'])
    expect(await ids({ orderBy: '+first_name' })).toEqual(['user_ada', 'user_bob'])
    expect(await ids({ orderBy: '-first_name', limit: 1 })).toEqual(['user_bob'])
  })

  it('lists the memberships of the instance and of a user', async () => {
    const all = await clerk.organizations.getInstanceOrganizationMembershipList({})
    expect(all.totalCount).toBe(2)
    const own = await clerk.users.getOrganizationMembershipList({ userId: 'user_bob' })
    expect(own.data.map((row) => row.organization.id)).toEqual(['org_acme'])
  })

  it('updates a role', async () => {
    const membership = await clerk.organizations.updateOrganizationMembership({
      organizationId: 'org_acme',
      userId: 'user_bob',
      role: 'org:admin',
    })
    expect(membership.role).toBe('org:admin')
    expect(membership.permissions).toHaveLength(9)
  })

  it('merges metadata', async () => {
    const membership = await clerk.organizations.updateOrganizationMembershipMetadata({
      organizationId: 'org_acme',
      userId: 'user_bob',
      publicMetadata: { team: { lead: true, name: null }, tags: ['a'] },
      privateMetadata: { note: 'x' },
    })
    expect(membership.publicMetadata).toEqual({ team: { lead: true }, tags: ['a'] })
    expect(membership.privateMetadata).toEqual({ note: 'x' })
  })

  it('deletes a membership and gets it back as it was', async () => {
    const membership = await clerk.organizations.deleteOrganizationMembership({
      organizationId: 'org_acme',
      userId: 'user_bob',
    })
    expect(membership.publicUserData?.userId).toBe('user_bob')
    expect(membership.organization.membersCount).toBe(1)
    const { totalCount } = await clerk.organizations.getOrganizationMembershipList({
      organizationId: 'org_acme',
    })
    expect(totalCount).toBe(1)
  })

  it('reads errors with their codes', async () => {
    const error: unknown = await clerk.organizations
      .createOrganizationMembership({
        organizationId: 'org_acme',
        userId: 'user_bob',
        role: 'org:member',
      })
      .catch((thrown: unknown) => thrown)
    if (!isClerkAPIResponseError(error)) throw new Error('expected an API error', { cause: error })
    expect(error.status).toBe(400)
    expect(error.errors[0]?.code).toBe('already_a_member_in_organization')
    expect(error.clerkTraceId).toMatch(/^[0-9a-f]{32}$/)
  })

  it('finds users and organizations', async () => {
    const users = await clerk.users.getUserList({ query: 'LOVE' })
    expect(users.totalCount).toBe(1)
    expect(users.data[0]?.primaryEmailAddress?.emailAddress).toBe('ada@example.com')
    const byEmail = await clerk.users.getUserList({ emailAddress: ['bob@example.com'] })
    expect(byEmail.data.map((user) => user.id)).toEqual(['user_bob'])
    expect((await clerk.users.getUser('user_cleo')).firstName).toBe('Cleo')
    const organization = await clerk.organizations.getOrganization({ organizationId: 'org_acme' })
    expect(organization.name).toBe('Acme')
  })

  it.each([
    [1, { org_id: 'org_acme', org_role: 'org:admin', org_slug: 'acme' }],
    [2, { v: 2, o: { id: 'org_acme', rol: 'admin', slg: 'acme' } }],
  ] as const)('verifies a session token with v%i claims', async (version, organization) => {
    const token = await emulator.createSessionToken({
      userId: 'user_ada',
      organizationId: 'org_acme',
      version,
      azp: 'http://localhost:3000',
    })
    const claims = await verifyToken(token, {
      secretKey: emulator.secretKey,
      apiUrl: emulator.origin,
      authorizedParties: ['http://localhost:3000'],
    })
    expect(claims.sub).toBe('user_ada')
    expect(claims.iss).toBe(emulator.issuer)
    expect(claims).toMatchObject(organization)
  })
})
