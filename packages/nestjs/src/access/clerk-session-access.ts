import { type FactoryProvider, Logger } from '@nestjs/common'
import type {
  OrganizationMembership,
  OrganizationMembershipsClient,
  OrganizationRole,
} from '@org-memberships/core'
import { onMembershipChange } from '../client/membership-changes.js'
import { mountedClientToken } from '../client/tokens.js'
import { unauthorized } from '../errors/refusal.js'
import { RateLimitedLogger } from '../logging/rate-limited-logger.js'
import type { MembershipAccessOption } from './access-provider.js'
import { KnownChanges } from './known-changes.js'
import { LastHolder } from './last-holder.js'
import {
  type CurrentMembershipQuestion,
  MembershipAccess,
  type MembershipCall,
} from './membership-access.js'
import { grantWithoutMembership, type MembershipGrant } from './membership-grant.js'
import { MembershipReader, type MembershipReaderOptions } from './membership-reader.js'
import type { SessionClaims } from './session-claims.js'
import { sessionOverridesToken, type SessionOverrides } from './session-overrides.js'
import { SessionVerifier, type SessionVerifierOptions } from './session-verifier.js'

export interface ClerkSessionAccessOptions extends SessionVerifierOptions {
  /**
   * What decides on the mounted routes. `'membership'`: the caller's own membership in the organization, read from the
   * API. `'token'`: the role in the session token where the organization that is active in it is the one meant, with no
   * request; then whoever has one of `elevatedRoles` may change and every member may list, until the token ends, even if
   * they were removed elsewhere. The membership is read all the same for another organization, and where this process
   * has changed it since the token was issued.
   *
   * @default 'membership'
   */
  trust?: 'membership' | 'token'
  /**
   * The roles whose holders run an organization. The last holder can neither be removed nor be given another role
   * through the mounted routes. An empty list switches that off, and takes `trust: 'membership'`.
   *
   * @default ['org:admin']
   */
  elevatedRoles?: readonly OrganizationRole[]
  /** How the callers' own memberships are kept between calls. */
  cache?: MembershipReaderOptions
}

/** The permission that listing takes. */
export const readMemberships = 'org:sys_memberships:read'
/** The permission that every change takes. */
export const manageMemberships = 'org:sys_memberships:manage'

/**
 * The policy for an app whose users sign in with Clerk: the caller's session token says who it is, and the caller's own
 * membership in the organization that the call is about says what they may. Listing takes the permission
 * `org:sys_memberships:read`, every change `org:sys_memberships:manage`. The organization that is active in the session
 * plays no part.
 */
export class ClerkSessionAccess extends MembershipAccess {
  readonly #sessions: SessionVerifier
  readonly #memberships: MembershipReader
  readonly #lastHolder: LastHolder
  readonly #elevatedRoles: readonly string[]
  readonly #trustsToken: boolean
  readonly #logger = new RateLimitedLogger(new Logger('ClerkSessionAccess'))
  readonly #changes = new KnownChanges()

  /** For `access`. Options are checked when the app starts. */
  static with(options: ClerkSessionAccessOptions): MembershipAccessOption {
    return ClerkSessionAccess.withAsync({ useFactory: () => options })
  }

  /** For `access`, with options that other providers know. */
  static withAsync({
    useFactory,
    inject = [],
  }: {
    useFactory: (
      ...dependencies: never[]
    ) => ClerkSessionAccessOptions | Promise<ClerkSessionAccessOptions>
    inject?: FactoryProvider['inject']
  }): MembershipAccessOption {
    return {
      useFactory: async (
        client: OrganizationMembershipsClient,
        overrides: SessionOverrides,
        ...dependencies: never[]
      ) =>
        ClerkSessionAccess.create(client, {
          ...(await useFactory(...dependencies)),
          ...overrides.reveal(),
        }),
      inject: [mountedClientToken, sessionOverridesToken, ...inject],
    }
  }

  /**
   * An instance of its own, for a provider that you write.
   *
   * @throws Error when an option is missing or cannot work, or when `@clerk/backend` is not installed
   */
  static async create(
    client: OrganizationMembershipsClient,
    options: ClerkSessionAccessOptions,
  ): Promise<ClerkSessionAccess> {
    return new ClerkSessionAccess(client, await SessionVerifier.create(options), options)
  }

  private constructor(
    client: OrganizationMembershipsClient,
    sessions: SessionVerifier,
    {
      cache,
      elevatedRoles = ['org:admin'],
      trust = 'membership',
    }: Omit<ClerkSessionAccessOptions, keyof SessionVerifierOptions>,
  ) {
    super()
    if (trust !== 'membership' && trust !== 'token') {
      throw new Error("ClerkSessionAccess: trust must be 'membership' or 'token'.")
    }
    if (trust === 'token' && elevatedRoles.length === 0) {
      throw new Error(
        "ClerkSessionAccess: with trust 'token' the elevatedRoles say who may change, so they cannot be empty. Name " +
          "them, or use trust 'membership'.",
      )
    }
    this.#sessions = sessions
    this.#memberships = new MembershipReader(client, cache)
    this.#lastHolder = new LastHolder(client, elevatedRoles)
    this.#elevatedRoles = elevatedRoles
    this.#trustsToken = trust === 'token'
    // Changes through the injected client count as well as those through the mounted routes.
    onMembershipChange(client, (organizationId, userId) => this.#forget(organizationId, userId))
  }

  override async authorize(
    call: MembershipCall,
  ): Promise<OrganizationMembership | MembershipGrant> {
    const session = await this.#sessions.sessionOf(call.request)
    const permission = call.operation === 'list' ? readMemberships : manageMemberships
    const role = this.#trustedRole(session, call.organizationId)
    if (role !== undefined) {
      if (call.operation === 'list' || this.#elevatedRoles.includes(role)) {
        return grantWithoutMembership({ caller: session.userId })
      }
      throw unauthorized(`This takes the permission ${permission} in the organization.`)
    }
    const membership = await this.#membershipOf(call.organizationId, session.userId, call)
    if (membership.permissions.includes(permission)) return membership
    throw unauthorized(
      `This takes the permission ${permission} in the organization, which you do not have.`,
    )
  }

  override async change<T>(call: MembershipCall, run: () => Promise<T>): Promise<T> {
    await this.#lastHolder.check(call)
    try {
      return await run()
    } finally {
      // Whatever came of it: a change whose answer was lost may have happened.
      if (call.userId !== undefined) await this.#forget(call.organizationId, call.userId)
    }
  }

  override async currentMembership({
    request,
    organizationId,
    signal,
  }: CurrentMembershipQuestion): Promise<OrganizationMembership> {
    const { userId, organization } = await this.#sessions.sessionOf(request)
    const target = organizationId ?? organization?.id
    if (target === undefined) {
      throw unauthorized('No organization is active in your session: choose one first.')
    }
    return this.#membershipOf(target, userId, signal === undefined ? {} : { signal })
  }

  /**
   * Forgets what is known of a user in an organization, for changes that this process does not see. With a store that
   * several processes share they all forget it.
   *
   * @throws Error when the shared store does not confirm it
   */
  async invalidate(organizationId: string, userId: string): Promise<void> {
    this.#changes.add(organizationId, userId)
    await this.#memberships.invalidate(organizationId, userId)
  }

  /** After a change that was made: that other processes could not be told does not undo it. */
  async #forget(organizationId: string, userId: string): Promise<void> {
    try {
      await this.invalidate(organizationId, userId)
    } catch (error) {
      const { message } = error as Error
      this.#logger.error(message, message)
    }
  }

  /** The role that the token says, where the token decides. */
  #trustedRole(
    { userId, issuedAt, organization }: SessionClaims,
    organizationId: string,
  ): string | undefined {
    if (!this.#trustsToken || organization?.id !== organizationId) return undefined
    if (this.#changes.mayBeAfter(issuedAt, organizationId, userId)) return undefined
    return organization.role
  }

  async #membershipOf(
    organizationId: string,
    userId: string,
    options: { fresh?: boolean; signal?: AbortSignal } = {},
  ): Promise<OrganizationMembership> {
    const { fresh = false, signal } = options
    const membership = await this.#memberships.get(organizationId, userId, {
      fresh,
      ...(signal && { signal }),
    })
    if (membership !== null && isOf(membership, organizationId, userId)) return membership
    // One answer for "not yours" and "not there", so that nobody can find out which organizations exist.
    throw unauthorized(
      'You are not a member of this organization, or there is no such organization.',
    )
  }
}

/** A store that several processes share may hold anything under a key. */
function isOf(
  { organization, publicUserData }: OrganizationMembership,
  organizationId: string,
  userId: string,
): boolean {
  if (organization?.id !== organizationId) return false
  return (publicUserData?.userId ?? userId) === userId
}
