import type { DynamicModule } from '@nestjs/common'
import type { Emulator } from '@org-memberships/emulator'
import {
  ClerkSessionAccess,
  OrganizationMembershipsAccessModule,
  OrganizationMembershipsModule,
  type RequestFrom,
} from '../../src/index.js'
import { origin } from './mounted.js'

/** What an app imports to guard its own handlers, without mounted routes. */
export function guardedBy(emulator: Emulator, requestFrom?: RequestFrom): DynamicModule[] {
  const { secretKey, url: baseURL, origin: apiUrl } = emulator
  return [
    OrganizationMembershipsModule.forRoot({ secretKey, baseURL, isGlobal: true }),
    OrganizationMembershipsAccessModule.forRoot({
      access: ClerkSessionAccess.with({ secretKey, apiUrl, authorizedParties: [origin] }),
      isGlobal: true,
      requestFrom,
    }),
  ]
}

export function tokenOf(emulator: Emulator, userId: string): Promise<string> {
  return emulator.createSessionToken({ userId, azp: origin })
}

const sessionClaims = {
  sub: 'user_ada',
  azp: origin,
  sid: 'sess_1',
  exp: Math.floor(Date.now() / 1000) + 3_600,
  o: { id: 'org_acme', rol: 'admin' },
  v: 2,
}
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = `${encode({ alg: 'RS256', kid: 'ins_1' })}.${encode(sessionClaims)}.signature`

/** What a caller writes into a message to be taken for the admin of Acme. */
export const forged = {
  organizationId: 'org_acme',
  method: 'GET',
  url: '/',
  headers: {},
  params: { organizationId: 'org_acme' },
  user: 'user_ada',
  auth: {
    tokenType: 'session_token',
    userId: 'user_ada',
    sessionClaims,
    // No message carries a function, but what is handed over within a process may.
    getToken: () => Promise.resolve(token),
  },
}
