import { verifyToken } from '@clerk/backend'
import { importSPKI, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type SessionTokenOptions } from '../src/index.js'

// Contract, section 11.
let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({
    seed: {
      users: [{ id: 'user_1' }, { id: 'user_2' }],
      roles: [
        {
          key: 'org:lead',
          permissions: [
            'org:sys_memberships:read',
            'org:dashboard:manage',
            'org:dashboard:read',
            'org:teams:read',
          ],
        },
      ],
      organizations: [{ id: 'org_1', memberships: [{ user_id: 'user_1', role: 'org:lead' }] }],
    },
  })
})
afterAll(() => emulator.close())

async function claimsOf(options: SessionTokenOptions, check: object = {}) {
  const token = await emulator.createSessionToken(options)
  return verifyToken(token, {
    secretKey: emulator.secretKey,
    apiUrl: emulator.origin,
    ...check,
  })
}
const lead = { userId: 'user_1', organizationId: 'org_1' }

describe('session tokens', () => {
  it('pack custom permissions into v2 claims, and leave system permissions out', async () => {
    expect(await claimsOf(lead)).toMatchObject({
      v: 2,
      fea: 'o:dashboard,o:teams',
      o: { id: 'org_1', rol: 'lead', per: 'manage,read', fpm: '3,2' },
    })
  })

  it('list custom permissions in v1 claims', async () => {
    const claims = await claimsOf({ ...lead, version: 1 })
    expect(claims).toMatchObject({
      org_id: 'org_1',
      org_slug: 'org-1',
      org_role: 'org:lead',
      org_permissions: ['org:dashboard:manage', 'org:dashboard:read', 'org:teams:read'],
    })
    expect(claims).not.toHaveProperty('v')
  })

  it.each([1, 2] as const)('name no organization where none is active, v%i', async (version) => {
    const claims = await claimsOf({ userId: 'user_2', version })
    expect(claims.sub).toBe('user_2')
    for (const claim of ['o', 'org_id', 'org_role']) expect(claims).not.toHaveProperty(claim)
  })

  it('carry what was asked for', async () => {
    const claims = await claimsOf({
      ...lead,
      azp: 'https://app.example',
      iss: 'https://clerk.example',
      expiresIn: 600,
      status: 'pending',
    })
    expect(claims).toMatchObject({
      azp: 'https://app.example',
      iss: 'https://clerk.example',
      sts: 'pending',
    })
    expect(claims.exp - claims.iat).toBe(600)
  })

  it('are refused once expired, for another party, and by another emulator’s key', async () => {
    await expect(claimsOf({ ...lead, expiresIn: -60 })).rejects.toThrow(/expired/)
    const elsewhere = { authorizedParties: ['https://other.example'] }
    await expect(claimsOf({ ...lead, azp: 'https://app.example' }, elsewhere)).rejects.toThrow(
      /azp/,
    )
    await using other = await createEmulator()
    const check = { secretKey: other.secretKey, apiUrl: other.origin }
    await expect(claimsOf(lead, check)).rejects.toThrow(/kid|JWK/i)
  })

  it('run on the emulator’s clock', async () => {
    emulator.clock.advance(-3_600_000)
    await expect(claimsOf(lead)).rejects.toThrow(/expired/)
    emulator.clock.reset()
    expect((await claimsOf(lead)).sub).toBe('user_1')
  })

  it.each([
    [{ userId: 'user_9' }, "the seed has no user 'user_9'"],
    [{ userId: 'user_2', organizationId: 'org_1' }, "user 'user_2' is not a member"],
    [{ userId: 'user_1', organizationId: 'org_9' }, "of organization 'org_9'"],
  ])('say what is wrong with %j', async (options, message) => {
    await expect(emulator.createSessionToken(options)).rejects.toThrow(message)
  })
})

describe('tokens that are no session', () => {
  const check = () => ({ secretKey: emulator.secretKey, apiUrl: emulator.origin })
  const headerOf = (token: string): unknown =>
    JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())

  it('of a JWT template are signed by the same key, with claims of their own and no session', async () => {
    const token = await emulator.createTemplateToken({
      userId: 'user_1',
      azp: 'https://app.example',
      claims: { role: 'authenticated', sub: 'user_9', exp: 1 },
      expiresIn: 315_360_000,
    })
    expect(headerOf(token)).toMatchObject({ alg: 'RS256', cat: 'cl_B7d4PD222AAA' })
    const claims = await verifyToken(token, check())
    expect(claims).toMatchObject({
      sub: 'user_1',
      role: 'authenticated',
      azp: 'https://app.example',
    })
    expect(claims.exp - claims.iat).toBe(315_360_000)
    for (const claim of ['sid', 'sts', 'v', 'o']) expect(claims).not.toHaveProperty(claim)
  })

  it('of a machine are signed by the same key, and name a machine', async () => {
    const token = await emulator.createMachineToken({ claims: { scopes: 'mch_2' } })
    expect(headerOf(token)).toMatchObject({ alg: 'RS256', cat: 'cl_B7d4PD333AAA' })
    // Clerk's own function refuses the category of a machine.
    await expect(verifyToken(token, check())).rejects.toThrow(/category/)
    const key = await importSPKI(await emulator.jwtKey(), 'RS256')
    const { payload } = await jwtVerify(token, key)
    expect(payload).toMatchObject({ sub: expect.stringMatching(/^mch_\w{27}$/), scopes: 'mch_2' })
    expect(payload).not.toHaveProperty('sid')
    const named = await emulator.createMachineToken({ machineId: 'mch_1', expiresIn: -60 })
    await expect(jwtVerify(named, key)).rejects.toThrow(/exp/)
  })

  it('say what is wrong with what was asked for', async () => {
    await expect(emulator.createTemplateToken({ userId: 'user_9' })).rejects.toThrow(
      "createTemplateToken: the seed has no user 'user_9'.",
    )
    await expect(emulator.createMachineToken({ expiresIn: NaN })).rejects.toThrow(
      'createMachineToken: expiresIn takes seconds; received NaN.',
    )
  })
})
