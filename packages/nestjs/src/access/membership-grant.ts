import type { OrganizationMembership } from '@org-memberships/core'

export interface GrantOptions {
  /**
   * Who is granted, such as a user id. The changes that one caller has waiting are counted, and take turns with those of
   * others. @default all of one address count as one caller, which behind a proxy are all
   */
  caller?: string | undefined
}

/** A grant to a caller with no membership to show. Made by `grantWithoutMembership`, and known by a private field. */
export class MembershipGrant {
  readonly #caller: string | undefined

  private constructor(caller: string | undefined) {
    this.#caller = caller
  }

  static create({ caller }: GrantOptions): MembershipGrant {
    return new MembershipGrant(caller)
  }

  static is(value: unknown): value is MembershipGrant {
    return typeof value === 'object' && value !== null && #caller in value
  }

  get caller(): string | undefined {
    return this.#caller
  }
}

/**
 * Grants a call whose caller has no membership in the organization, such as an operator of the app.
 *
 * @example
 * ```ts
 * override async authorize({ request }: MembershipCall) {
 *   const operator = await this.operators.find(request) // null for anybody else
 *   if (operator === null) throw new ForbiddenException()
 *   return grantWithoutMembership({ caller: operator.id })
 * }
 * ```
 */
export function grantWithoutMembership(options: GrantOptions = {}): MembershipGrant {
  return MembershipGrant.create(options)
}

/** What grants a call. */
export type Granted = OrganizationMembership | MembershipGrant

/** The user or the operator to whom a call was granted; `undefined` where the grant does not say. */
export function callerOf(granted: Granted): string | undefined {
  return MembershipGrant.is(granted) ? granted.caller : granted.publicUserData?.userId
}
