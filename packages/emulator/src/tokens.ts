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

export interface TemplateTokenOptions {
  /** A user of the seed. */
  userId: string
  /** The claims of the template. @default none */
  claims?: { readonly [claim: string]: unknown } | undefined
  /** The origin that the token was made for. @default none */
  azp?: string | undefined
  /** @default the emulator's `issuer` */
  iss?: string | undefined
  /** Seconds from now; a template may say any lifetime. @default 60 */
  expiresIn?: number | undefined
}

export interface MachineTokenOptions {
  /** @default a new id, `mch_…` */
  machineId?: string | undefined
  /** @default none */
  claims?: { readonly [claim: string]: unknown } | undefined
  /** @default the emulator's `issuer` */
  iss?: string | undefined
  /** Seconds from now. @default 60 */
  expiresIn?: number | undefined
}

interface SigningKey {
  readonly privateKey: CryptoKey
  readonly publicJWK: JWK
  readonly publicPEM: string
}

const algorithm = 'RS256'
/** What a session token's header has as `cat` (contract, section 16). */
const sessionCategory = 'cl_B7d4PD111AAA'
const templateCategory = 'cl_B7d4PD222AAA'
const machineCategory = 'cl_B7d4PD333AAA'

/** Signs tokens and shows the key to verify them with. The key is made at its first use: it takes a while. */
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
    const { azp, iss, expiresIn, status = 'active', version = 2, userId } = options
    const organization = organizationClaims(store, options)
    return this.#sign(
      'createSessionToken',
      sessionCategory,
      { iss, expiresIn },
      {
        ...(azp !== undefined && { azp }),
        ...(version === 2 && { v: 2, fva: [0, -1] }),
        ...organization,
        sub: userId,
        sid: newId('sess'),
        sts: status,
      },
    )
  }

  /** A token of a JWT template: signed with the same key and of the same user, but of no session. */
  async createTemplateToken(store: Store, options: TemplateTokenOptions): Promise<string> {
    const { azp, iss, expiresIn, claims, userId } = options
    assertUser('createTemplateToken', store, userId)
    return this.#sign(
      'createTemplateToken',
      templateCategory,
      { iss, expiresIn },
      {
        ...claims,
        ...(azp !== undefined && { azp }),
        sub: userId,
      },
    )
  }

  /** A token by which machines know each other: signed with the same key, of no user. */
  async createMachineToken(options: MachineTokenOptions): Promise<string> {
    const { iss, expiresIn, claims, machineId = newId('mch') } = options
    return this.#sign(
      'createMachineToken',
      machineCategory,
      { iss, expiresIn },
      {
        ...claims,
        sub: machineId,
      },
    )
  }

  async #sign(
    method: string,
    category: string,
    { iss = this.#issuer, expiresIn = 60 }: Pick<SessionTokenOptions, 'iss' | 'expiresIn'>,
    claims: { [claim: string]: unknown },
  ): Promise<string> {
    if (!Number.isFinite(expiresIn)) {
      throw new RangeError(`${method}: expiresIn takes seconds; received ${expiresIn}.`)
    }
    const issuedAt = Math.floor(this.#clock.now() / 1000)
    const { privateKey, publicJWK } = await this.#signingKey()
    return new SignJWT({
      ...claims,
      iss,
      jti: randomBytes(10).toString('hex'),
      iat: issuedAt,
      nbf: Math.min(issuedAt, issuedAt + expiresIn) - 10,
      exp: issuedAt + expiresIn,
    })
      .setProtectedHeader({
        alg: algorithm,
        cat: category,
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
  const kid = newId('ins')
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
  assertUser('createSessionToken', store, userId)
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

function assertUser(method: string, store: Store, userId: string): void {
  if (store.users.get(userId) !== undefined) return
  throw new RangeError(`${method}: the seed has no user '${userId}'.`)
}

function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 27)}`
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
