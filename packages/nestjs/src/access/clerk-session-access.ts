import type { FactoryProvider } from '@nestjs/common'
import type { OrganizationMembership, OrganizationMembershipsClient } from '@org-memberships/core'
import { mountedClientToken } from '../client/mounted-client.js'
import { unauthorized } from '../errors/refusal.js'
import type { MembershipAccessOption } from './access-provider.js'
import { MembershipAccess, type MembershipCall } from './membership-access.js'
import { MembershipReader, type MembershipReaderOptions } from './membership-reader.js'
import { SessionVerifier, type SessionVerifierOptions } from './session-verifier.js'

export interface ClerkSessionAccessOptions extends SessionVerifierOptions {
  /** How the callers' own memberships are kept between calls. */
  cache?: MembershipReaderOptions
}

export const readMemberships = 'org:sys_memberships:read'
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
      useFactory: async (client: OrganizationMembershipsClient, ...dependencies: never[]) =>
        ClerkSessionAccess.create(client, await useFactory(...dependencies)),
      inject: [mountedClientToken, ...inject],
    }
  }

  /** An instance of its own, for a provider that you write. */
  static async create(
    client: OrganizationMembershipsClient,
    options: ClerkSessionAccessOptions,
  ): Promise<ClerkSessionAccess> {
    return new ClerkSessionAccess(client, await SessionVerifier.create(options), options)
  }

  private constructor(
    client: OrganizationMembershipsClient,
    sessions: SessionVerifier,
    { cache }: ClerkSessionAccessOptions,
  ) {
    super()
    this.#sessions = sessions
    this.#memberships = new MembershipReader(client, cache)
  }

  override async authorize(call: MembershipCall): Promise<OrganizationMembership> {
    const { userId } = await this.#sessions.sessionOf(call.request)
    const membership = await this.#memberships.get(call.organizationId, userId)
    // One answer for "not yours" and "not there", so that nobody can find out which organizations exist.
    if (membership === null) {
      throw unauthorized(
        'You are not a member of this organization, or there is no such organization.',
      )
    }
    const permission = call.operation === 'list' ? readMemberships : manageMemberships
    if (membership.permissions.includes(permission)) return membership
    throw unauthorized(
      `This takes the permission ${permission} in the organization, which you do not have.`,
    )
  }

  override async change<T>(call: MembershipCall, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } finally {
      // Whatever came of it: a change whose answer was lost may have happened.
      if (call.userId !== undefined) await this.invalidate(call.organizationId, call.userId)
    }
  }

  /** Forgets what is known of a user in an organization, for changes that this process does not see. */
  async invalidate(organizationId: string, userId: string): Promise<void> {
    await this.#memberships.invalidate(organizationId, userId)
  }
}
