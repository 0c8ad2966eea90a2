/** What a verified session token says of its user. */
export interface SessionClaims {
  userId: string
  /** When the token was issued, ms since the epoch; absent where it does not say. */
  issuedAt?: number
  /** The organization that is active in the session; absent where none is. */
  organization?: SessionOrganization
}

/** Without permissions: those of the system (`org:sys_…`) are never in a token, so it takes the membership to know them. */
export interface SessionOrganization {
  id: string
  /** Full key, such as `org:admin`. */
  role: string
}

type Claims = { readonly [claim: string]: unknown }

/**
 * Reads the claims of a verified token, version 1 or 2 (contract, section 11). `faultOf` has looked at them before.
 *
 * @returns `null` where the session does not count: no user, a task still pending, or any other status than active
 */
export function readSessionClaims(claims: Claims): SessionClaims | null {
  const { sub, sts, iat } = claims
  if (typeof sub !== 'string' || sub === '') return null
  if (sts !== undefined && sts !== 'active') return null
  const organization = claims.v === 2 ? readVersion2(claims) : readVersion1(claims)
  return {
    userId: sub,
    ...(typeof iat === 'number' && { issuedAt: iat * 1000 }),
    ...(organization !== undefined && { organization }),
  }
}

function readVersion1({ org_id: id, org_role: role }: Claims): SessionOrganization | undefined {
  return typeof id === 'string' && typeof role === 'string' ? { id, role } : undefined
}

function readVersion2({ o }: Claims): SessionOrganization | undefined {
  if (typeof o !== 'object' || o === null) return undefined
  const { id, rol: role } = o as Claims
  if (typeof id !== 'string' || typeof role !== 'string') return undefined
  return { id, role: role.startsWith('org:') ? role : `org:${role}` }
}
