import type { IncomingHttpHeaders } from 'node:http'
import type { OrganizationMembership } from '@org-memberships/core'
import type { MembershipGrant } from './membership-grant.js'

/** The operations that can be mounted. */
export type MountedOperation = 'create' | 'list' | 'update' | 'updateMetadata' | 'delete'

/**
 * What Express's and Fastify's requests have in common. For a call that is no HTTP request it holds the headers and
 * params that the module's `requestFrom` gave, an empty `method` and `url`, and nothing else.
 */
export interface MembershipRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly params: { readonly [name: string]: string }
  readonly body?: unknown
  /** What the app's own middleware put there, such as `user`. */
  readonly [key: string]: unknown
}

/** One call of a mounted route, as an access policy sees it. Nothing in it has been checked yet. */
export interface MembershipCall {
  readonly operation: MountedOperation
  /** The organization that the call is about. */
  readonly organizationId: string
  /** The member that the call is about; absent for a list. */
  readonly userId?: string
  /** The role that a create or an update asks for. */
  readonly role?: string
  readonly request: MembershipRequest
  /** Aborted when the caller goes away or the deadline is reached. */
  readonly signal: AbortSignal
  /**
   * True where a change is about to be sent: decide by what holds now, not by what a cache knows. A change is authorized
   * twice: at first without this, before it waits for its turn, then with it, right before it is sent.
   */
  readonly fresh: boolean
}

/** Whose membership in which organization an own route of the app asks for. */
export interface CurrentMembershipQuestion {
  readonly request: MembershipRequest
  /** Absent where the route leaves it to the session which organization is meant. */
  readonly organizationId?: string
  /** Aborted when the caller of an HTTP request goes away or the deadline of the guard is reached. */
  readonly signal?: AbortSignal
}

/**
 * Decides who may do what on the mounted routes. Extend it for a policy of your own, or use `ClerkSessionAccess`.
 *
 * @example
 * ```ts
 * @Injectable()
 * class OperatorsOnly extends MembershipAccess {
 *   async authorize({ request }: MembershipCall) {
 *     if (!isOperator(request.headers.authorization)) throw new UnauthorizedException()
 *     return grantWithoutMembership()
 *   }
 * }
 * ```
 */
export abstract class MembershipAccess {
  /**
   * Grants a call by what it returns, and refuses it otherwise. Throw an `UnauthorizedException` for a caller nobody
   * knows, a `ForbiddenException` for one who may not.
   *
   * @returns the caller's own membership in the organization of the call, or `grantWithoutMembership()` where there is
   * none to show (an operator, say). Whatever else JavaScript may return refuses the call with a 403: `null`, nothing,
   * `true`, a membership of another organization.
   */
  abstract authorize(call: MembershipCall): Promise<OrganizationMembership | MembershipGrant>

  /**
   * Runs a change that `authorize` has granted. Override it to refuse a change in the light of the data, or to take note
   * of it. It runs inside the turn of the change: no other change of the organization runs meanwhile, except creates and
   * changes of metadata beside each other. So wait for nothing here that such a change would bring.
   *
   * @param run sends the change upstream. Once sent, it goes on even if the caller has gone; before that it rejects then
   */
  change<T>(call: MembershipCall, run: () => Promise<T>): Promise<T> {
    void call
    return run()
  }

  /**
   * The caller's membership in the organization that one of the app's own routes is about, for
   * `OrganizationMembershipGuard`. Throws as `authorize` does; whatever it returns that is no membership refuses.
   */
  currentMembership(question: CurrentMembershipQuestion): Promise<OrganizationMembership> {
    void question
    return Promise.reject(
      new Error(
        `${this.constructor.name} has no currentMembership method, which the guard of the app's own routes needs. ` +
          'Add one, or use ClerkSessionAccess.',
      ),
    )
  }
}
