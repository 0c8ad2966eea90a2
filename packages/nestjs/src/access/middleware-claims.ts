import { isIncomingMessage } from './incoming-message.js'
import type { MembershipRequest } from './membership-access.js'

type Claims = { readonly [claim: string]: unknown }

/** What is expected of a session token besides its signature. */
export interface ExpectedClaims {
  authorizedParties: readonly string[] | undefined
  issuer: string | readonly string[] | undefined
}

/** By how much clocks may differ, ms: what `@clerk/backend` forgives too. */
const clockSkew = 5_000

/**
 * What `@clerk/express` (a function) or `@clerk/fastify` (an object) put on the request once they verified a session.
 * Other libraries use `request.auth` as well, with another shape.
 */
export function claimsOfMiddleware(request: MembershipRequest): Claims | undefined {
  // Anyone can write an auth into a message; only middleware can put one on a request.
  if (!isIncomingMessage(request)) return undefined
  const { auth: given } = request
  const auth: unknown = typeof given === 'function' ? given() : given
  if (typeof auth !== 'object' || auth === null) return undefined
  const { tokenType, userId, sessionClaims, sessionStatus } = auth as Claims
  if (tokenType !== 'session_token' || typeof userId !== 'string') return undefined
  if (typeof sessionClaims !== 'object' || sessionClaims === null) return undefined
  const claims = sessionClaims as Claims
  if (claims.sub !== userId) return undefined
  return sessionStatus === 'pending' ? { ...claims, sts: 'pending' } : claims
}

export const expired = 'it has expired'

/**
 * Looks at claims whose signature was verified: by this package, or by middleware whose options may have been less
 * strict, since `clerkMiddleware()` accepts every party unless it is given some.
 *
 * @returns what is wrong with them; `undefined` where they will do
 */
export function faultOf(
  { sub, sid, azp, iss, exp, nbf, iat, v }: Claims,
  { authorizedParties, issuer }: ExpectedClaims,
): string | undefined {
  if (typeof sub !== 'string' || sub === '') return 'it names no user'
  if (sub.startsWith('mch_')) return 'it is of a machine'
  // Clerk's session claims always have both; what lacks one is something else, or was put together by somebody.
  if (typeof sid !== 'string' || sid === '') return 'it names no session'
  if (exp === undefined) return 'it has no end'
  if (v !== undefined && v !== 1 && v !== 2) return `its version is ${JSON.stringify(v)}`
  if (authorizedParties !== undefined && !authorizedParties.some((party) => party === azp)) {
    return `its azp is ${JSON.stringify(azp)}`
  }
  const issuers = [issuer ?? []].flat().filter((each) => each !== '')
  if (issuers.length > 0 && !issuers.some((each) => each === iss)) {
    return `its iss is ${JSON.stringify(iss)}`
  }
  for (const time of [exp, nbf, iat]) {
    if (time !== undefined && !Number.isFinite(time)) return 'one of its times is no number'
  }
  const now = Date.now()
  const latestStart = now + clockSkew
  if (typeof exp === 'number' && exp * 1000 <= now - clockSkew) return expired
  if (typeof nbf === 'number' && nbf * 1000 > latestStart) return 'it is not valid yet'
  if (typeof iat === 'number' && iat * 1000 > latestStart) return 'it was issued in the future'
  return undefined
}
