import { isIncomingMessage } from './incoming-message.js'
import type { MembershipRequest } from './membership-access.js'
import { keyIdOfSessionToken, payloadOf } from './session-token.js'

type Claims = { readonly [claim: string]: unknown }

/** What is expected of a session token besides its signature. */
export interface ExpectedClaims {
  authorizedParties: readonly string[] | undefined
  issuer: string | readonly string[] | undefined
}

/** By how much clocks may differ, ms: what `@clerk/backend` forgives too. */
const clockSkew = 5_000

/** A session that middleware verified. */
export interface MiddlewareSession {
  readonly claims: Claims
  /** Reads the token that was verified; `undefined` where there is none to be had. */
  readonly readToken: () => Promise<string | undefined>
}

/**
 * What `@clerk/express` (a function) or `@clerk/fastify` (an object) put on the request once they verified a session.
 * Other libraries use `request.auth` as well, with another shape.
 */
export function sessionOfMiddleware(request: MembershipRequest): MiddlewareSession | undefined {
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
  // `null` where the claims have no status.
  const isActive = (sessionStatus ?? 'active') === 'active'
  return {
    claims: isActive ? claims : { ...claims, sts: sessionStatus },
    readToken: () => readToken(auth),
  }
}

/** Without a template, `getToken()` gives the token that was verified, and asks nobody. */
async function readToken(auth: { getToken?: unknown }): Promise<string | undefined> {
  if (typeof auth.getToken !== 'function') return undefined
  try {
    const token: unknown = await auth.getToken()
    return typeof token === 'string' ? token : undefined
  } catch {
    return undefined
  }
}

/**
 * Compares claims with the token that they are said to come from. The signature of that token is the middleware's
 * affair, but `@clerk/express` 1 takes the token of a JWT template for a session's where it names one.
 *
 * @returns what is wrong with the token; `undefined` where it is the session's
 */
export function faultOfToken(token: string, claims: Claims): string | undefined {
  if (keyIdOfSessionToken(token) === undefined) return 'its header is not of a session token'
  const payload = payloadOf(token)
  if (payload === undefined) return 'its payload cannot be read'
  const other = ['sub', 'sid', 'iat', 'exp'].find((name) => payload[name] !== claims[name])
  return other === undefined ? undefined : `its ${other} is not that of the session`
}

export const expired = 'it has expired'

/**
 * Looks at claims whose signature was verified: by this package, or by middleware whose options may have been less
 * strict, since `clerkMiddleware()` accepts every party unless it is given some.
 *
 * @returns what is wrong with them; `undefined` where they will do
 */
export function faultOf(
  { sub, sid, sts, azp, iss, exp, nbf, iat, v }: Claims,
  { authorizedParties, issuer }: ExpectedClaims,
): string | undefined {
  if (typeof sub !== 'string' || sub === '') return 'it names no user'
  if (sub.startsWith('mch_')) return 'it is of a machine'
  // Clerk's session claims always have both; what lacks one is something else, or was put together by somebody.
  if (typeof sid !== 'string' || sid === '') return 'it names no session'
  // One that is pending has words of its own, later.
  if (sts !== undefined && sts !== 'active' && sts !== 'pending') {
    return `its session is ${JSON.stringify(sts)}`
  }
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
