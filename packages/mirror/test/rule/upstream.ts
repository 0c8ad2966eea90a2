import type { OrganizationMembership } from '@org-memberships/core'
import type { MemberId } from '../../src/rows/tables.js'
import type { Random } from './random.js'

/** How the API and its webhooks behave in a schedule. Times are ms of a clock that the schedule turns. */
export interface Mode {
  readonly name: 'normal' | 'lagging' | 'jittering' | 'lossless'
  readonly settle: number
  /** By how much a read may be behind at most. */
  readonly lag: number
  /** Times of one state that differ from answer to answer. */
  readonly jitter: boolean
  /** The share of events that never come. */
  readonly drop: number
}

export const modes: readonly Mode[] = [
  { name: 'normal', settle: 0, lag: 0, jitter: false, drop: 0.15 },
  { name: 'lagging', settle: 20, lag: 18, jitter: false, drop: 0.15 },
  { name: 'jittering', settle: 0, lag: 0, jitter: true, drop: 0.15 },
  { name: 'lossless', settle: 0, lag: 0, jitter: false, drop: 0 },
]

/** One state of one member, from `at` on. */
export interface State {
  /** Grows with each change of this member; also in its metadata, so that content tells which state it is. */
  readonly index: number
  readonly at: number
  readonly membership: OrganizationMembership | null
}

export interface MembershipEvent extends MemberId {
  readonly kind: 'created' | 'updated' | 'deleted'
  /** The change that it tells. */
  readonly index: number
  readonly membership: OrganizationMembership
}

/** The API: the truth, with its history, since reads may be behind. */
export class Upstream {
  readonly #states = new Map<string, State[]>()
  /** Events that were not delivered yet, in any order. */
  readonly events: MembershipEvent[] = []
  now: number

  constructor(
    readonly mode: Mode,
    readonly random: Random,
    now: number,
  ) {
    this.now = now
  }

  statesOf({ organizationId, userId }: MemberId): readonly State[] {
    return (
      this.#states.get(`${organizationId}/${userId}`) ?? [{ index: 0, at: 0, membership: null }]
    )
  }

  current(member: MemberId): State {
    return this.statesOf(member).at(-1)!
  }

  /** Adds, changes or removes; returns the new state, or undefined where the API refuses. */
  change(member: MemberId, kind: MembershipEvent['kind']): State | undefined {
    const before = this.current(member)
    if ((before.membership === null) !== (kind === 'created')) return undefined
    const index = before.index + 1
    const state = {
      index,
      at: this.now,
      membership: kind === 'deleted' ? null : membershipOf(member, index, before, this.now),
    }
    this.#states.set(`${member.organizationId}/${member.userId}`, [...this.statesOf(member), state])
    if (!this.random.chance(this.mode.drop)) {
      const event = { ...member, kind, index, membership: (state.membership ?? before.membership)! }
      this.events.push(event)
      if (this.random.chance(0.2)) this.events.push(event)
    }
    return state
  }

  /** What a read says that is carried out now: the state as of now, or as it was a little before. */
  read(member: MemberId, laggingBy: number): OrganizationMembership | null {
    const at = this.now - laggingBy
    const { membership } = this.statesOf(member).findLast((state) => state.at <= at)!
    if (membership === null || !this.mode.jitter) return membership
    return { ...membership, updatedAt: membership.updatedAt + this.random.below(5) - 2 }
  }

  lagOfRead(): number {
    return this.mode.lag === 0 ? 0 : this.random.below(this.mode.lag)
  }
}

function membershipOf(
  { organizationId, userId }: MemberId,
  index: number,
  before: State,
  now: number,
): OrganizationMembership {
  const createdAt = before.membership?.createdAt ?? now
  return {
    id: before.membership?.id ?? `orgmem_${userId}_${index}`,
    role: index % 2 === 0 ? 'org:admin' : 'org:member',
    permissions: [],
    publicMetadata: { index },
    organization: {
      id: organizationId,
      name: 'Acme',
      publicMetadata: {},
      createdAt: 1,
      updatedAt: 1,
    },
    publicUserData: {
      userId,
      firstName: 'Ada',
      lastName: null,
      imageUrl: 'https://images.example/ada.png',
      hasImage: false,
    },
    createdAt,
    // Several changes in one millisecond have one time.
    updatedAt: now,
  }
}
