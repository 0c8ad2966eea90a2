import { randomBytes, randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Clock } from './clock.js'
import type { Role } from './store/roles.js'
import type { Store } from './store/store.js'

export interface SessionTokenOptions {
  /** A user of the seed. */
  userId: string
  /** The active organization; the user must be a member of it. Without one the token names none. */
  organizationId?: string | undefined
  /** Which set of claims (contract, section 11). @default 2 */
  version?: 1 | 2 | undefined
  /** The origin that the token was made for. @default none */
  azp?: string | undefined
  /** @default the emulator's `issuer` */
  iss?: string | undefined
  /** Seconds from now; negative for a token that has expired (verifiers forgive a few seconds). @default 60 */
  expiresIn?: number | undefined
  /** @default 'active' */
  status?: 'active' | 'pending' | undefined
}

interface SigningKey {
  readonly privateKey: CryptoKey
  readonly publicJWK: JWK
  readonly publicPEM: string
}

const algorithm = 'RS256'
/** What a session token's header has as `cat` (contract, section 16). */
const sessionCategory = 'cl_B7d4PD111AAA'

/** Signs session tokens and shows the key to verify them with. The key is made at its first use: it takes a while. */
export class TokenIssuer {
  readonly #issuer: string
  readonly #clock: Clock
  #key: Promise<SigningKey> | undefined

  constructor(issuer: string, clock: Clock) {
    this.#issuer = issuer
    this.#clock = clock
  }

  /** The body of `GET /v1/jwks`. */
  async keySet(): Promise<{ keys: JWK[] }> {
    const { publicJWK } = await this.#signingKey()
    return { keys: [publicJWK] }
  }

  /** The same key as PEM. */
  async publicPEM(): Promise<string> {
    return (await this.#signingKey()).publicPEM
  }

  async createSessionToken(store: Store, options: SessionTokenOptions): Promise<string> {
    const { azp, iss = this.#issuer, expiresIn = 60, status = 'active', version = 2 } = options
    if (!Number.isFinite(expiresIn)) {
      throw new RangeError(`createSessionToken: expiresIn takes seconds; received ${expiresIn}.`)
    }
    const organization = organizationClaims(store, options)
    const issuedAt = Math.floor(this.#clock.now() / 1000)
    const { privateKey, publicJWK } = await this.#signingKey()
    return new SignJWT({
      ...(azp !== undefined && { azp }),
      ...(version === 2 && { v: 2, fva: [0, -1] }),
      ...organization,
      iss,
      sub: options.userId,
      sid: `sess_${randomUUID().replaceAll('-', '').slice(0, 27)}`,
      sts: status,
      jti: randomBytes(10).toString('hex'),
      iat: issuedAt,
      nbf: Math.min(issuedAt, issuedAt + expiresIn) - 10,
      exp: issuedAt + expiresIn,
    })
      .setProtectedHeader({
        alg: algorithm,
        cat: sessionCategory,
        typ: 'JWT',
        kid: publicJWK.kid as string,
      })
      .sign(privateKey)
  }

  #signingKey(): Promise<SigningKey> {
    this.#key ??= createSigningKey()
    return this.#key
  }
}

async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm)
  const { kty, n, e } = await exportJWK(publicKey)
  const kid = `ins_${randomUUID().replaceAll('-', '').slice(0, 27)}`
  return {
    privateKey,
    publicPEM: await exportSPKI(publicKey),
    publicJWK: { use: 'sig', kty, kid, alg: algorithm, n, e } as JWK,
  }
}

function organizationClaims(
  store: Store,
  { userId, organizationId, version = 2 }: SessionTokenOptions,
): { [claim: string]: unknown } {
  if (store.users.get(userId) === undefined) {
    throw new RangeError(`createSessionToken: the seed has no user '${userId}'.`)
  }
  if (organizationId === undefined) return {}
  const organization = store.organizations.get(organizationId)
  const membership = organization?.members.get(userId)
  if (organization === undefined || membership === undefined) {
    throw new RangeError(
      `createSessionToken: user '${userId}' is not a member of organization '${organizationId}'.`,
    )
  }
  const { slug } = organization.row
  const { role } = membership
  if (version === 1) {
    return {
      org_id: organizationId,
      ...(slug !== null && { org_slug: slug }),
      org_role: role.key,
      org_permissions: customPermissionsOf(role),
    }
  }
  const { features, verbs, bits } = packPermissions(customPermissionsOf(role))
  return {
    ...(features.length > 0 && { fea: features.map((feature) => `o:${feature}`).join(',') }),
    o: {
      id: organizationId,
      ...(slug !== null && { slg: slug }),
      rol: role.key.replace(/^org:/, ''),
      ...(features.length > 0 && { per: verbs.join(','), fpm: bits.join(',') }),
    },
  }
}

/** System permissions are never in a token (contract, section 11). */
function customPermissionsOf({ permissions }: Role): string[] {
  return permissions.filter((permission) => !permission.startsWith('org:sys_'))
}

/** `org:feature:verb` keys as the v2 claims hold them: for each feature a number whose bit k grants verb k. */
function packPermissions(permissions: readonly string[]) {
  const features: string[] = []
  const verbs: string[] = []
  const bits: number[] = []
  for (const permission of permissions) {
    const [, feature = '', verb = ''] = permission.split(':')
    if (!features.includes(feature)) {
      features.push(feature)
      bits.push(0)
    }
    if (!verbs.includes(verb)) verbs.push(verb)
    const index = features.indexOf(feature)
    bits[index] = (bits[index] ?? 0) | (1 << verbs.indexOf(verb))
  }
  return { features, verbs, bits }
}
