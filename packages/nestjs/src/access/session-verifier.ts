import { createPublicKey } from 'node:crypto'
import { type HttpException, Logger } from '@nestjs/common'
import type { verifyJwt } from '@clerk/backend/jwt'
import { unauthenticated } from '../errors/refusal.js'
import type { MembershipRequest } from './membership-access.js'
import {
  expired,
  faultOf,
  faultOfToken,
  type MiddlewareSession,
  sessionOfMiddleware,
} from './middleware-claims.js'
import { readSessionClaims, type SessionClaims } from './session-claims.js'
import { keyIdOfSessionToken } from './session-token.js'
import { SigningKeys } from './signing-keys.js'
import { VerifiedTokens } from './verified-tokens.js'

export interface SessionVerifierOptions {
  /**
   * Clerk's secret key, to read the public signing keys with.
   *
   * @default the environment variable CLERK_SECRET_KEY, unless there is a `jwtKey`
   */
  secretKey?: string
  /**
   * The public signing key in PEM form (Clerk's dashboard, API keys, JWT public key): tokens are then verified without
   * any request.
   *
   * @default the environment variable CLERK_JWT_KEY, unless there is a `secretKey`: it may be of another instance
   */
  jwtKey?: string
  /**
   * The origins whose tokens are accepted, such as `['https://app.example.com']`: a token that a page of another
   * origin obtained is refused, whoever verified it. `'any'` switches this check off, and accepts tokens that name no
   * origin.
   */
  authorizedParties: readonly string[] | 'any'
  /** The expected `iss`, such as `https://clerk.example.com`. @default not checked */
  issuer?: string | string[]
  /** Where the signing keys are read from. @default 'https://api.clerk.com' */
  apiUrl?: string
}

type VerifyJWT = typeof verifyJwt

/** Tells who the caller is, from the session token in `Authorization` or from Clerk's own middleware. */
export class SessionVerifier {
  readonly #verify: VerifyJWT
  readonly #keyFor: (keyId: string) => Promise<string | undefined>
  readonly #authorizedParties: string[] | undefined
  readonly #issuer: string | string[] | undefined
  readonly #verified = new VerifiedTokens()
  readonly #logger = new Logger('ClerkSessionAccess')

  /** @throws Error when an option is missing or cannot work, or when `@clerk/backend` is not installed */
  static async create(options: SessionVerifierOptions): Promise<SessionVerifier> {
    return new SessionVerifier(options, await loadVerifyJWT())
  }

  private constructor(options: SessionVerifierOptions, verify: VerifyJWT) {
    this.#verify = verify
    this.#keyFor = keySource(options)
    this.#authorizedParties = readAuthorizedParties(options.authorizedParties)
    this.#issuer = options.issuer
  }

  /** @throws HttpException 401 without a session that counts, 503 when that cannot be told now */
  async sessionOf(request: MembershipRequest): Promise<SessionClaims> {
    const given = sessionOfMiddleware(request)
    const claims = given === undefined ? await this.#verifyBearer(request) : given.claims
    this.#assertClaims(claims)
    if (given !== undefined) await this.#assertToken(given)
    const session = readSessionClaims(claims)
    if (session !== null) return session
    throw unauthenticated(
      'The session does not count as signed in yet: a task of the sign-in is still pending.',
    )
  }

  /** Whoever verified the signature, and however strict its options were. */
  #assertClaims(claims: { readonly [claim: string]: unknown }): void {
    const fault = faultOf(claims, {
      authorizedParties: this.#authorizedParties,
      issuer: this.#issuer,
    })
    if (fault !== undefined) throw this.#refusedFor(fault)
  }

  /** The claims alone do not say whether the token is a session's: its header does. */
  async #assertToken({ claims, readToken }: MiddlewareSession): Promise<void> {
    const token = await readToken()
    if (token === undefined) {
      throw unauthenticated(
        'The session cannot be checked: the auth on the request has no getToken() that gives its session token, ' +
          "as that of Clerk's middleware does.",
      )
    }
    const fault = faultOfToken(token, claims)
    if (fault !== undefined) throw this.#refusedFor(fault)
  }

  #refusedFor(fault: string): HttpException {
    this.#logger.debug(`A session token was refused: ${fault}`)
    return unauthenticated(
      fault === expired ? 'The session token has expired.' : 'The session token is not valid.',
    )
  }

  async #verifyBearer({ headers }: MembershipRequest): Promise<{ [claim: string]: unknown }> {
    const { authorization } = (headers ?? {}) as { authorization?: unknown }
    const token =
      typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined
    if (token === undefined) {
      throw unauthenticated(
        'The request needs a signed-in user: send a session token as Authorization: Bearer <token>.',
      )
    }
    const verified = this.#verified.get(token)
    if (verified !== undefined) return verified
    const keyId = keyIdOfSessionToken(token)
    const key = keyId === undefined ? undefined : await this.#keyFor(keyId)
    if (key === undefined) throw unauthenticated('The session token is not valid.')
    try {
      const claims = await this.#verify(token, { key })
      this.#verified.add(token, claims)
      return claims
    } catch (error) {
      // The caller learns little; whoever runs the server can see which claim it was.
      this.#logger.debug(`A session token was refused: ${messageOf(error)}`)
      const isExpired = (error as { reason?: unknown } | null)?.reason === 'token-expired'
      throw unauthenticated(
        isExpired ? 'The session token has expired.' : 'The session token is not valid.',
      )
    }
  }
}

async function loadVerifyJWT(): Promise<VerifyJWT> {
  try {
    return (await import('@clerk/backend/jwt')).verifyJwt
  } catch (error) {
    throw new Error(
      'ClerkSessionAccess verifies session tokens with @clerk/backend, which could not be loaded. ' +
        'Install it: npm install @clerk/backend',
      { cause: error },
    )
  }
}

function keySource(
  options: SessionVerifierOptions,
): (keyId: string) => Promise<string | undefined> {
  const jwtKey =
    options.jwtKey ?? (options.secretKey === undefined ? process.env.CLERK_JWT_KEY : undefined)
  if (jwtKey !== undefined) {
    const pem = readPEM(jwtKey)
    return () => Promise.resolve(pem)
  }
  const secretKey = (options.secretKey ?? process.env.CLERK_SECRET_KEY)?.trim()
  if (secretKey === undefined || !/^[\x21-\x7e]+$/.test(secretKey)) {
    throw new Error(
      'ClerkSessionAccess needs a key to verify session tokens with: give secretKey or jwtKey, or set ' +
        'CLERK_SECRET_KEY or CLERK_JWT_KEY.',
    )
  }
  const keys = new SigningKeys(options.apiUrl ?? 'https://api.clerk.com', secretKey)
  return (keyId) => keys.get(keyId)
}

/** A PEM from an environment file often has its line breaks written as `\n`. */
function readPEM(jwtKey: string): string {
  const pem = jwtKey.replaceAll('\\n', '\n').trim()
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key')
    return key.export({ type: 'spki', format: 'pem' }).toString()
  } catch {
    throw new Error(
      'ClerkSessionAccess: jwtKey is not a public key in PEM form (-----BEGIN PUBLIC KEY----- …).',
    )
  }
}

function readAuthorizedParties(given: readonly string[] | 'any' | undefined): string[] | undefined {
  if (given === 'any') return undefined
  // To @clerk/backend an empty list means that anything goes.
  if (
    Array.isArray(given) &&
    given.length > 0 &&
    given.every((party) => /^https?:\/\/./.test(party))
  ) {
    return given.map((party: string) => party.replace(/\/+$/, ''))
  }
  throw new Error(
    "ClerkSessionAccess needs authorizedParties: the origins of your pages, such as ['https://app.example.com'] " +
      "(scheme and host, no path), or 'any' to accept session tokens that a page of any origin obtained.",
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
