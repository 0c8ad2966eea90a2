import type {
  Organization,
  OrganizationMembership,
  OrganizationMembershipPage,
} from '@org-memberships/core'
import { isEqualJSON } from './equal-json.js'
import {
  absent,
  applyChange,
  type Change,
  type Presence,
  type Present,
  presentRow,
} from './presence.js'

/**
 * When something was read, in moments of a logical clock. The server took its snapshot somewhere in between, so of a
 * write that overlaps this span nobody can say whether the answer holds it.
 */
export interface Stamp {
  readonly start: number
  readonly end: number
}

/** For pages that came with no stamp (server render, a persisted cache): older than every write. */
export const beforeEverything: Stamp = { start: 0, end: 0 }

let moment = 0

/** The next moment. One clock for all tables, since a cached page may outlive the store that fetched it. */
export function tick(): number {
  moment += 1
  return moment
}

/** A write that has not been confirmed, as it is to be shown. */
export interface Pending {
  readonly change: Change
  /** Shown before it is confirmed. */
  readonly isOptimistic: boolean
  /** When the request left; absent while it waits. */
  readonly sentAt: number | undefined
}

/** What the server has confirmed of one member: the last word, and what it takes to read older pages in its light. */
export interface Confirmed {
  readonly sentAt: number
  readonly at: number
  readonly after: Presence
  /** What the user was before it, and each different thing they have been since, `after` included. */
  readonly through: readonly Presence[]
}

/** The writes to one member. Another object after each change, so equal identity means that nothing has happened. */
export interface Writes {
  /** Where nothing is confirmed that a page may not know: what was known before the first pending write, at moment 0. */
  readonly confirmed: Confirmed
  /** In the order in which they were triggered, which is the order the server sees them in. */
  readonly pending: readonly Pending[]
}

export type WrittenMembers = ReadonlyMap<string, Writes>

/** A row as the server last sent it, and when. */
interface KnownRow {
  readonly row: OrganizationMembership
  readonly stamp: Stamp
}

export interface FoundMember {
  readonly data: OrganizationMembership | null | undefined
  readonly isOptimistic: boolean
}

/**
 * The members of one organization: the row that any answer has brought, the last confirmed write that some page may not
 * know, and the writes that are pending.
 *
 * Nothing is ever rolled back: a failed write is a pending write less, and what is shown is projected from what is left.
 */
export class MemberTable {
  readonly #rows = new Map<string, KnownRow>()
  readonly #written = new Map<string, Writes>()
  #organizationReadAt = 0
  /** Another object after each change of a write. */
  version: object = {}
  /** How many writes are pending. */
  pendingCount = 0
  /** The organization as the newest answer has it, `membersCount` included. */
  organization: Organization | undefined
  /** Without `membersCount`: a row is the same object while nothing of it has changed, whoever else comes or goes. */
  organizationInRows: Organization | undefined

  get written(): WrittenMembers {
    return this.#written
  }

  // ---- what answers bring

  /** The same page, with every row that is already known by an equal object replaced by that object. */
  share(
    { data, totalCount }: OrganizationMembershipPage,
    stamp: Stamp,
  ): OrganizationMembershipPage {
    return { data: data.map((row) => this.learn(row, stamp)), totalCount }
  }

  learn(row: OrganizationMembership, stamp: Stamp): OrganizationMembership {
    const userId = row.publicUserData?.userId
    if (userId === undefined) return row
    row = { ...row, organization: this.#learnOrganization(row.organization, stamp) }
    const known = this.#rows.get(userId)
    if (known && isEqualJSON(known.row, row)) row = known.row
    if (!known || known.stamp.start <= stamp.start) this.#rows.set(userId, { row, stamp })
    return row
  }

  /** @returns the organization as it stands in rows */
  #learnOrganization(organization: Organization, { start }: Stamp): Organization {
    const { membersCount: _, ...inRows } = organization
    if (!isEqualJSON(this.organizationInRows, inRows)) this.organizationInRows = inRows
    if (this.#organizationReadAt <= start) {
      this.#organizationReadAt = start
      if (!isEqualJSON(this.organization, organization)) this.organization = organization
    }
    return this.organizationInRows as Organization
  }

  rowOf(userId: string): OrganizationMembership | undefined {
    return this.#rows.get(userId)?.row
  }

  /** Some member that has the role: its row says what the role is called and allows. */
  findByRole(role: string): OrganizationMembership | undefined {
    for (const { row } of this.#rows.values()) if (row.role === role) return row
    return undefined
  }

  /** One member as any answer has it, with the writes applied; `null` is not a member, `undefined` not known. */
  find(userId: string): FoundMember {
    const known = this.#rows.get(userId)
    const writes = this.#written.get(userId)
    let state: Presence | undefined = known && presentRow(known.row)
    if (writes) state = known ? stateOfRow(known.row, known.stamp, writes) : stateOf(writes)
    const data = state && (state.isMember ? state.row : null)
    return { data, isOptimistic: data !== known?.row && !!writes && isUnconfirmed(writes) }
  }

  // ---- the life of a write

  add(userId: string, write: Pending): void {
    const { confirmed, pending } = this.#written.get(userId) ?? {
      confirmed: settledAs(this.#before(userId, write.change)),
      pending: [],
    }
    this.#put(userId, confirmed, [...pending, write])
  }

  /** What is known of a user before the first write. */
  #before(userId: string, { kind }: Change): Presence {
    const row = this.rowOf(userId)
    if (row) return presentRow(row)
    return kind === 'create' ? absent : { isMember: true }
  }

  has(userId: string, write: Pending): boolean {
    return this.#written.get(userId)?.pending.includes(write) ?? false
  }

  /** Puts others in the place of a pending write: none, once it has failed; its parts; or itself, once it has changed. */
  replace(userId: string, write: Pending, by: readonly Pending[] = []): void {
    const writes = this.#written.get(userId)
    if (!writes?.pending.includes(write)) return
    const pending = writes.pending.flatMap((other) => (other === write ? by : other))
    this.#put(userId, writes.confirmed, pending)
  }

  /** @param answer the server's row; of a delete the one that it removed; absent where it has said that there is none */
  confirm(userId: string, write: Pending, answer: OrganizationMembership | undefined): void {
    const writes = this.#written.get(userId)
    if (!writes) return
    const { confirmed } = writes
    const { kind } = write.change
    const at = tick()
    let after: Presence = absent
    // What was just before, as far as the answer says: a metadata patch leaves the role alone.
    let before: Presence
    if (answer && kind !== 'delete') {
      const row = this.learn(answer, { start: at, end: at })
      after = presentRow(row)
      const same: Present = { isMember: true, since: row.createdAt }
      before = kind === 'create' ? absent : same
      if (kind === 'updateMetadata') before = { ...same, role: row.role }
    } else {
      this.#rows.delete(userId)
      before = answer ? presentRow(answer) : absent
    }
    const last = confirmed.after
    const isVague = last.isMember && last.role === undefined
    const through = isVague ? [...confirmed.through.slice(0, -1), before] : confirmed.through
    const isNew = !through.some((state) => isSameMembership(state, after))
    const next = {
      sentAt: confirmed.at === 0 ? (write.sentAt as number) : confirmed.sentAt,
      at,
      after,
      through: isNew ? [...through, after] : through,
    }
    this.#put(
      userId,
      next,
      writes.pending.filter((other) => other !== write),
    )
  }

  #put(userId: string, confirmed: Confirmed, pending: readonly Pending[]): void {
    this.pendingCount += pending.length - (this.#written.get(userId)?.pending.length ?? 0)
    if (pending.length === 0 && confirmed.at === 0) this.#written.delete(userId)
    else this.#written.set(userId, { confirmed, pending })
    this.version = {}
  }

  /** Forgets the confirmed writes that every page knows. @param oldest when the first of all pages was asked for */
  prune(oldest: number): void {
    for (const [userId, { confirmed, pending }] of this.#written) {
      const { at, after } = confirmed
      if (at === 0 || at > oldest) continue
      const known = this.#rows.get(userId)
      // Learnt from an answer that was under way when the member was removed.
      if (!after.isMember && known && known.stamp.start < at) this.#rows.delete(userId)
      this.#put(userId, settledAs(after), pending)
    }
  }

  clear(): void {
    this.#rows.clear()
    this.#written.clear()
    this.pendingCount = 0
    this.organization = undefined
    this.organizationInRows = undefined
    this.#organizationReadAt = 0
    this.version = {}
  }
}

function settledAs(state: Presence): Confirmed {
  return { sentAt: 0, at: 0, after: state, through: [state] }
}

/** No page can tell the two apart by its total or by a row's place. */
function isSameMembership(left: Presence, right: Presence): boolean {
  if (!left.isMember || !right.isMember) return left.isMember === right.isMember
  return left.role === right.role && left.since === right.since
}

/** Something of it is shown, or would be, that no server has confirmed. */
export function isUnconfirmed({ pending }: Writes): boolean {
  return pending.some(({ isOptimistic }) => isOptimistic)
}

export function isKnownAt({ start }: Stamp, { confirmed }: Writes): boolean {
  return confirmed.at <= start
}

function applyPending(state: Presence, { pending }: Writes): Presence {
  for (const { change, isOptimistic } of pending) {
    if (isOptimistic) state = applyChange(state, change)
  }
  return state
}

const states = new WeakMap<Writes, Presence>()

/** A member as is to be shown where no row is there to start from. */
export function stateOf(writes: Writes): Presence {
  let state = states.get(writes)
  if (!state) states.set(writes, (state = applyPending(writes.confirmed.after, writes)))
  return state
}

interface RowState {
  readonly writes: Writes
  readonly isKnown: boolean
  readonly state: Presence
}

const rowStates = new WeakMap<OrganizationMembership, RowState>()

/** A row with the writes applied that it may not know; the same object until one of them changes. */
export function stateOfRow(row: OrganizationMembership, stamp: Stamp, writes: Writes): Presence {
  const isKnown = isKnownAt(stamp, writes)
  const memo = rowStates.get(row)
  if (memo?.writes === writes && memo.isKnown === isKnown) return memo.state
  const state = applyPending(isKnown ? presentRow(row) : writes.confirmed.after, writes)
  rowStates.set(row, { writes, isKnown, state })
  return state
}
