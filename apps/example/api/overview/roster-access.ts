import { isAPIError, type OrganizationMembership } from '@org-memberships/core'
import {
  type CurrentMembershipQuestion,
  type Granted,
  MembershipAccess,
  type MembershipCall,
} from '@org-memberships/nestjs'
import type { Roster } from './roster.js'

/** Another policy, which decides as before, and a roster, which hears of each change that it lets through. */
export class RosterAccess extends MembershipAccess {
  readonly #policy: MembershipAccess
  readonly #roster: Roster

  constructor(policy: MembershipAccess, roster: Roster) {
    super()
    this.#policy = policy
    this.#roster = roster
  }

  override authorize(call: MembershipCall): Promise<Granted> {
    return this.#policy.authorize(call)
  }

  override currentMembership(question: CurrentMembershipQuestion): Promise<OrganizationMembership> {
    return this.#policy.currentMembership(question)
  }

  override change<T>(call: MembershipCall, run: () => Promise<T>): Promise<T> {
    return this.#policy.change(call, async () => {
      try {
        const answer = await run()
        // The mounted routes answer each change with the membership.
        const membership = answer as OrganizationMembership
        if (call.operation === 'delete') this.#roster.takeOut(membership)
        else this.#roster.put(membership)
        return answer
      } catch (error) {
        if (!changedNothing(error)) this.#roster.forget()
        throw error
      }
    })
  }
}

/** True of a refusal, unless it answered a second attempt: of a first one whose answer was lost, nobody knows. */
function changedNothing(error: unknown): boolean {
  return isAPIError(error) && error.status < 500 && !error.afterLostAnswer
}
