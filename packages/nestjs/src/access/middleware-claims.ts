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
export function claimsOfMiddleware({ auth: given }: MembershipRequest): Claims | undefined {
  const auth: unknown = typeof given === 'function' ? given() : given
  if (typeof auth !== 'object' || auth === null) return undefined
  const { tokenType, userId, sessionClaims, sessionStatus } = auth as Claims
  if (tokenType !== 'session_token' || typeof userId !== 'string') return undefined
  if (typeof sessionClaims !== 'object' || sessionClaims === null) return undefined
  const claims = sessionClaims as Claims
  if (claims.sub !== userId) return undefined
  return sessionStatus === 'pending' ? { ...claims, sts: 'pending' } : claims
}

/**
 * Looks at claims that were verified elsewhere, by options that may have been less strict: `clerkMiddleware()` accepts
 * every party unless it is told of them.
 *
 * @returns what is wrong with them; `undefined` where they will do
 */
export function faultOf(
  { azp, iss, exp, nbf }: Claims,
  { authorizedParties, issuer }: ExpectedClaims,
): string | undefined {
  if (authorizedParties !== undefined && !authorizedParties.some((party) => party === azp)) {
    return `its azp is ${JSON.stringify(azp)}`
  }
  const issuers = [issuer ?? []].flat().filter((each) => each !== '')
  if (issuers.length > 0 && !issuers.some((each) => each === iss)) {
    return `its iss is ${JSON.stringify(iss)}`
  }
  const now = Date.now()
  // Written so that what is no number is refused.
  if (exp !== undefined && !(Number(exp) * 1000 > now - clockSkew)) return 'it has expired'
  if (nbf !== undefined && !(Number(nbf) * 1000 <= now + clockSkew)) return 'it is not valid yet'
  return undefined
}
