/** What a verified session token says of its user. */
export interface SessionClaims {
  userId: string
  /** The organization that is active in the session; absent where none is. */
  organization?: SessionOrganization
}

export interface SessionOrganization {
  id: string
  /** Full key, such as `org:admin`. */
  role: string
  /** Custom permissions such as `org:invoices:create`. System permissions (`org:sys_…`) are never in a token. */
  permissions: string[]
}

type Claims = { readonly [claim: string]: unknown }

/**
 * Reads the claims of a verified token, version 1 or 2 (contract, section 11).
 *
 * @returns `null` where the session does not count: no user, or one with a task still pending
 */
export function readSessionClaims(claims: Claims): SessionClaims | null {
  const { sub, sts } = claims
  if (typeof sub !== 'string' || sub === '' || sts === 'pending') return null
  const organization = claims.v === 2 ? readVersion2(claims) : readVersion1(claims)
  return organization === undefined ? { userId: sub } : { userId: sub, organization }
}

function readVersion1({
  org_id: id,
  org_role: role,
  org_permissions: permissions,
}: Claims): SessionOrganization | undefined {
  if (typeof id !== 'string' || typeof role !== 'string') return undefined
  return {
    id,
    role,
    permissions: Array.isArray(permissions)
      ? permissions.filter((permission) => typeof permission === 'string')
      : [],
  }
}

function readVersion2({ o, fea }: Claims): SessionOrganization | undefined {
  if (typeof o !== 'object' || o === null) return undefined
  const { id, rol, per, fpm } = o as Claims
  if (typeof id !== 'string' || typeof rol !== 'string') return undefined
  return {
    id,
    role: rol.startsWith('org:') ? rol : `org:${rol}`,
    permissions: readPermissions(listOf(fea), listOf(per), listOf(fpm)),
  }
}

/**
 * The features of the organization (scope `o` or `uo`), the i-th with the i-th integer of `fpm`, whose bit k, lowest
 * first, grants the k-th verb of `per`.
 */
function readPermissions(features: string[], verbs: string[], masks: string[]): string[] {
  return features
    .map((feature) => feature.split(':'))
    .filter(([scope, name]) => scope?.includes('o') && name !== undefined)
    .flatMap(([, name], index) => {
      const mask = Number(masks[index] ?? 0)
      return verbs
        .filter((_, bit) => ((mask >> bit) & 1) === 1)
        .map((verb) => `org:${name}:${verb}`)
    })
}

function listOf(claim: unknown): string[] {
  return typeof claim === 'string' && claim !== '' ? claim.split(',') : []
}
