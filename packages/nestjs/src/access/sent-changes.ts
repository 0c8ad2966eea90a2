import {
  isAPIError,
  isConnectionError,
  isInvalidArgumentError,
  type OrganizationMembership,
  type OrganizationMembershipsClient,
} from '@org-memberships/core'
import { countLostAnswers } from '../client/lost-answers.js'
import type { MembershipCall } from './membership-access.js'
import { uncertainMembersOf } from './uncertain-members.js'

/** ms */
const readTimeout = 4_000

/**
 * The requests of one change. Once sent, a request goes on whoever has hung up, and the change is not over before its
 * outcome is known:
 *
 *     sent ── answered ─────────────────────────────────────▶ over
 *     sent ── answer lost ── target read: as asked for ─────▶ over
 *                         └─ target read: as before, or not ▶ over, and the target is uncertain for a while
 *     sent ── answer lost, sent again ── answered, or read ─▶ over, and the target is uncertain: the first may come late
 */
export class SentChanges {
  readonly #client: OrganizationMembershipsClient
  readonly #call: MembershipCall
  readonly #pending = new Set<Promise<void>>()
  #isClosed = false

  constructor(client: OrganizationMembershipsClient, call: MembershipCall) {
    this.#client = client
    this.#call = call
  }

  /** @throws the reason of the call's signal, or an Error once the change is over */
  async send<T>(request: () => Promise<T>): Promise<T> {
    // A caller who has gone ends what was not sent yet.
    this.#call.signal.throwIfAborted()
    if (this.#isClosed) {
      throw new Error(
        'An access policy called run() after its change had ended: await it in change().',
      )
    }
    const { result: sent, lost } = countLostAnswers(request)
    const outcome = sent
      .then(
        () => undefined,
        (error: unknown) => this.#findOut(error),
      )
      .then(() => this.#expectLate(lost()))
    this.#pending.add(outcome)
    void outcome.then(() => this.#pending.delete(outcome))
    return sent
  }

  /** Nothing is sent any more. Resolves when the outcome of what was sent is known, or known to be uncertain. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#pending)
  }

  /** An attempt that was given up may take effect once more, after the member has been changed again. */
  #expectLate(lost: number): void {
    const { operation, organizationId, userId } = this.#call
    const mayLower = operation === 'update' || operation === 'delete'
    if (lost === 0 || !mayLower || userId === undefined) return
    uncertainMembersOf(this.#client).add(organizationId, userId)
  }

  async #findOut(error: unknown): Promise<void> {
    const { operation, organizationId, userId } = this.#call
    // Metadata decides about nobody's access.
    if (operation === 'updateMetadata' || userId === undefined || !mayHaveActed(error)) return
    try {
      const ids = { organizationId, userId }
      const membership = await this.#client.get(ids, { totalTimeout: readTimeout })
      if (isDone(this.#call, membership) || isSettled(error)) return
    } catch {
      // Not known, then.
    }
    uncertainMembersOf(this.#client).add(organizationId, userId)
  }
}

function mayHaveActed(error: unknown): boolean {
  if (isInvalidArgumentError(error)) return false
  if (isConnectionError(error)) return error.sent
  if (isAPIError(error)) return error.status >= 500 || error.status === 408 || error.afterLostAnswer
  return true
}

/** True where the API itself has answered: it will not act later. A gateway's answer says nothing of what is behind it. */
function isSettled(error: unknown): boolean {
  if (!isAPIError(error) || error.afterLostAnswer) return false
  return error.status !== 408 && error.status !== 502 && error.status !== 504
}

function isDone(
  { operation, role }: MembershipCall,
  membership: OrganizationMembership | null,
): boolean {
  if (operation === 'delete') return membership === null
  return membership !== null && (operation === 'create' || membership.role === role)
}
