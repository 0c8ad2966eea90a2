import type { OrganizationMembership } from '@org-memberships/core'
import type { MemberIds } from './fleet.js'

/** One state of one member: from when, and when a hint of it was committed. */
export interface State {
  /** What tells it from other states of this member. */
  readonly key: string
  readonly since: number
  told: number
}

const noMember = 'no member'

/** What the API held, and what the mirror was told of it: what it answers is judged by these. Times of one clock. */
export class History {
  readonly #states = new Map<string, State[]>()

  /** @param membership null: removed */
  changed(ids: MemberIds, membership: OrganizationMembership | null): State {
    const state = { key: keyOf(membership), since: Date.now(), told: Number.POSITIVE_INFINITY }
    this.#of(ids).push(state)
    return state
  }

  /** True for the state that is the last one. */
  isCurrent(ids: MemberIds, state: State): boolean {
    return this.#of(ids).at(-1) === state
  }

  /**
   * What is wrong with an answer to a question that was asked at `begun`: it shows a state though a hint of a later one was
   * committed before, and the API cannot be so far behind.
   *
   * @param lag ms by which the API may be behind
   */
  wrong(
    ids: MemberIds,
    answer: OrganizationMembership | null,
    begun: number,
    lag: number,
  ): string | undefined {
    const states = this.#of(ids)
    const shown = states.findLastIndex(({ key }) => key === keyOf(answer))
    const told = states.findLastIndex((state) => state.told < begun && state.since + lag < begun)
    if (shown >= told) return undefined
    return `${ids.organizationId} ${ids.userId}: answered ${keyOf(answer)}, though told of ${states[told]?.key} before`
  }

  #of({ organizationId, userId }: MemberIds): State[] {
    const key = `${organizationId}/${userId}`
    const states = this.#states.get(key) ?? [{ key: noMember, since: 0, told: 0 }]
    this.#states.set(key, states)
    return states
  }
}

export function keyOf(membership: OrganizationMembership | null): string {
  if (membership === null) return noMember
  const { id, role, publicMetadata } = membership
  return `${id} ${role} ${JSON.stringify(publicMetadata)}`
}
