import { describe, expect, it } from 'vitest'
import { readSessionClaims } from '../src/access/session-claims.js'

const user = { sub: 'user_1', exp: 1, sts: 'active' }

describe('readSessionClaims', () => {
  it.each([
    ['version 1', { org_id: 'org_1', org_role: 'org:admin', org_permissions: ['org:a:b'] }],
    ['version 2', { v: 2, o: { id: 'org_1', rol: 'admin', per: 'read', fpm: '1' }, fea: 'o:a' }],
    ['version 2 with a full key', { v: 2, o: { id: 'org_1', rol: 'org:admin' } }],
  ])('finds the active organization in %s', (_, claims) => {
    expect(readSessionClaims({ ...user, ...claims })).toEqual({
      userId: 'user_1',
      organization: { id: 'org_1', role: 'org:admin' },
    })
  })

  it.each([
    ['none', {}],
    ['none in version 2', { v: 2 }],
    ['null', { v: 2, o: null }],
    ['a text', { v: 2, o: 'org_1' }],
    ['no role', { v: 2, o: { id: 'org_1' } }],
    ['no role in version 1', { org_id: 'org_1' }],
    // The claims of the version that the token does not have say nothing.
    ['claims of version 1 in version 2', { v: 2, org_id: 'org_1', org_role: 'org:admin' }],
    ['claims of version 2 in version 1', { o: { id: 'org_1', rol: 'admin' } }],
  ])('finds no organization where there is %s', (_, claims) => {
    expect(readSessionClaims({ ...user, ...claims })).toEqual({ userId: 'user_1' })
  })

  it('counts a session that says nothing of its status', () => {
    expect(readSessionClaims({ sub: 'user_1', exp: 1 })).toEqual({ userId: 'user_1' })
  })

  it('says when the token was issued', () => {
    expect(readSessionClaims({ ...user, iat: 1_700_000_000 })).toEqual({
      userId: 'user_1',
      issuedAt: 1_700_000_000_000,
    })
  })

  it.each([
    ['pending', { ...user, sts: 'pending' }],
    ['revoked', { ...user, sts: 'revoked' }],
    ['of a status that is null', { ...user, sts: null }],
    ['without a user', { sts: 'active' }],
    ['of a user without an id', { sub: '' }],
    ['of something else', { sub: 1 }],
  ])('does not count a session %s', (_, claims) => {
    expect(readSessionClaims(claims)).toBeNull()
  })
})
