import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import type { NormalizedQuery } from '../keys.js'
import { type Chain, type Chains, isUnconfirmed, statesOf } from './log.js'
import { type Contribution, contributionTo } from './membership-in-list.js'
import { ComposedChange } from './composed-change.js'
import type { Operation } from './operation.js'
import { applyChange, type Present, type Presence, presentRow } from './presence.js'
import type { Stamp } from './stamp.js'

/**
 * How far a projected page can be trusted.
 *
 * - `'exact'`: what the server would answer now.
 * - `'incomplete'`: right in all it says, but a row or a count is missing that only a refetch can bring.
 * - `'guessed'`: a count that may be off by one, because the page was read while a write was under way.
 */
export type Certainty = 'exact' | 'incomplete' | 'guessed'

export interface Projection {
  readonly page: OrganizationMembershipPage
  readonly certainty: Certainty
  /** Something shown has not been confirmed yet. */
  readonly isOptimistic: boolean
  /** Rows were added that the page did not have. */
  readonly hasNewcomers: boolean
}

export interface PageContext {
  readonly query: NormalizedQuery
  readonly stamp: Stamp
  /**
   * What to do with the rows that an insertion pushes over the limit. A single page drops them, as the server would;
   * a list of pages keeps them, for the next page does not know them yet.
   */
  readonly overflow: 'drop' | 'keep'
}

/** The page as it is to be shown: what the server said, with the operations applied that it may not know. */
export function projectPage(
  page: OrganizationMembershipPage,
  context: PageContext,
  chains: Chains,
): Projection {
  const live = [...chains].filter(
    ([, chain]) => knownCount(chain, context.stamp) < chain.operations.length,
  )
  if (live.length === 0) {
    return { page, certainty: 'exact', isOptimistic: false, hasNewcomers: false }
  }
  const projection = new PageProjection(page, context)
  const onPage = indexesOf(page)
  const others: Other[] = []
  for (const [userId, chain] of live) {
    const index = onPage.get(userId)
    if (index !== undefined) projection.changeRow(index, userId, chain)
    else others.push({ userId, chain, state: statesOf(chain).at(-1) as Presence })
  }
  projection.dropRemoved()
  // A draft stands above what the server has already dated.
  const isDraft = ({ state }: Other) => state.isMember && state.isDraft === true
  for (const other of others) if (!isDraft(other)) projection.placeOther(other)
  for (const other of others) if (isDraft(other)) projection.placeOther(other)
  return projection.result()
}

/** A user with operations whose row is not on the page: they may move its total, or have a place on it. */
interface Other {
  readonly userId: string
  readonly chain: Chain
  /** What is to be shown. */
  readonly state: Presence
}

class PageProjection {
  readonly #page: OrganizationMembershipPage
  readonly #context: PageContext
  readonly #removed = new Set<number>()
  readonly #returned: Present[] = []
  readonly #isLast: boolean
  readonly #isWhole: boolean
  #rows: OrganizationMembership[]
  #total: number
  #isChanged = false
  #isOptimistic = false
  #hasNewcomers = false
  #certainty: Certainty = 'exact'

  constructor(page: OrganizationMembershipPage, context: PageContext) {
    const { data, totalCount } = page
    const { offset } = context.query
    this.#page = page
    this.#context = context
    this.#rows = [...data]
    this.#total = totalCount
    this.#isLast = offset + data.length >= totalCount
    this.#isWhole = offset === 0 && data.length === totalCount
  }

  result(): Projection {
    const { limit } = this.#context.query
    const rows = this.#context.overflow === 'drop' ? this.#rows.slice(0, limit) : this.#rows
    return {
      page: this.#isChanged ? { data: rows, totalCount: Math.max(0, this.#total) } : this.#page,
      certainty: this.#certainty,
      isOptimistic: this.#isOptimistic,
      hasNewcomers: this.#hasNewcomers,
    }
  }

  /** A row that is on the page counted as one when the page was read, whatever the operations were doing then. */
  changeRow(index: number, userId: string, chain: Chain): void {
    const { query, stamp } = this.#context
    const row = this.#page.data[index] as OrganizationMembership
    const state = projectRow(row, chain, knownCount(chain, stamp))
    const shown = state.isMember ? state.row : undefined
    if (shown === row) return
    this.#touch(chain)
    if (!state.isMember || !shown || contributionTo(query, userId, state, true) === 0) {
      this.#removed.add(index)
      this.#total -= 1
      if (!this.#isLast) this.#doubt('incomplete')
    } else if (shown.id === row.id) this.#rows[index] = shown
    else {
      this.#removed.add(index)
      this.#returned.push(state)
    }
  }

  dropRemoved(): void {
    if (this.#removed.size > 0) {
      this.#rows = this.#rows.filter((_, index) => !this.#removed.has(index))
    }
    // Somebody removed and added again counts as before, and stands where a newcomer stands.
    for (const state of this.#returned) this.#insert(this.#indexFor(state), state)
  }

  placeOther({ userId, chain, state }: Other): void {
    const { query } = this.#context
    const after = contributionTo(query, userId, state)
    const index = after === 1 && state.isMember ? this.#indexFor(state) : undefined
    // Had the page known this row it would stand there: so it did not count. A row that the user had before may have.
    const before =
      index === undefined || this.#hasReturned(chain) ? this.#contributionBefore(userId, chain) : 0
    if (before === after && after !== 'unknown' && index === undefined) return
    this.#touch(chain)
    if (typeof after !== 'number' || before === 'unknown' || before === 'ifFound') {
      this.#doubt('incomplete')
    } else if (before === 'either') {
      // It takes a refetch; until then, as if the page had been read before the write.
      const assumed = statesOf(chain)[knownCount(chain, this.#context.stamp)] as Presence
      this.#total += after - (contributionTo(query, userId, assumed) === 1 ? 1 : 0)
      this.#doubt('guessed')
    } else {
      this.#total += after - before
      this.#insert(index, state)
      // The row that went stood on another page, and what came after it has moved.
      if (before === 1) this.#doubt('incomplete')
    }
  }

  /** Whether the user was removed and added again, as far as this page may not know it. */
  #hasReturned(chain: Chain): boolean {
    const states = statesOf(chain).slice(knownCount(chain, this.#context.stamp))
    const firstMember = states.findIndex(({ isMember }) => isMember)
    return firstMember !== -1 && states.slice(firstMember).some(({ isMember }) => !isMember)
  }

  #insert(index: number | undefined, state: Presence): void {
    if (index === undefined || !state.isMember || !state.row) {
      this.#doubt('incomplete')
      return
    }
    this.#rows.splice(index, 0, state.row)
    this.#hasNewcomers = true
  }

  /** What the user counted when the page was read: `'either'` where a write was under way that makes a difference. */
  #contributionBefore(userId: string, chain: Chain): Contribution | 'either' {
    const { query, stamp } = this.#context
    const sentCount = chain.operations.filter(
      ({ sentAt }) => sentAt !== undefined && sentAt <= stamp.end,
    ).length
    const [first, ...others] = new Set(
      statesOf(chain)
        .slice(knownCount(chain, stamp), 1 + sentCount)
        .map((state) => contributionTo(query, userId, state)),
    )
    // A page that holds the whole list, but not this row, did not count it; nor does it tell whether the server's own
    // filters would find the user, unless only they can have kept it away.
    if (this.#isWhole) return first === 'ifFound' && others.length === 0 ? first : 0
    return others.length > 0 ? 'either' : (first as Contribution)
  }

  /** Where a row belongs, if it belongs on this page and the list is in an order that we can tell. */
  #indexFor({ row, isDraft }: Present): number | undefined {
    const { orderBy, offset } = this.#context.query
    if (!row || (orderBy !== undefined && orderBy !== 'created_at')) return undefined
    const isNewestFirst = orderBy === undefined
    if (isDraft && isNewestFirst) return offset === 0 ? 0 : undefined
    const createdAt = isDraft ? Number.POSITIVE_INFINITY : row.createdAt
    const index = this.#rows.findIndex((other) =>
      isNewestFirst ? other.createdAt < createdAt : other.createdAt > createdAt,
    )
    // Before all rows: on this page only if none came before. After all rows: only if no page follows.
    if (index === 0 || this.#rows.length === 0)
      return offset === 0 && (index === 0 || this.#isLast) ? 0 : undefined
    if (index > 0) return index
    return this.#isLast ? this.#rows.length : undefined
  }

  #touch(chain: Chain): void {
    this.#isChanged = true
    if (isUnconfirmed(chain)) this.#isOptimistic = true
  }

  #doubt(certainty: Certainty): void {
    if (this.#certainty !== 'guessed') this.#certainty = certainty
  }
}

/** How many of a chain's operations a page read at `stamp` is sure to know. */
function knownCount({ operations }: Chain, { start }: Stamp): number {
  const first = operations.findIndex(({ confirmation }) => !confirmation || confirmation.at > start)
  return first === -1 ? operations.length : first
}

const indexes = new WeakMap<OrganizationMembershipPage, ReadonlyMap<string, number>>()

/** Where on a page each user stands. */
function indexesOf(page: OrganizationMembershipPage): ReadonlyMap<string, number> {
  let known = indexes.get(page)
  if (!known) {
    const entries = page.data.map((row, index) => [row.publicUserData?.userId, index] as const)
    known = new Map(entries.filter((entry): entry is [string, number] => entry[0] !== undefined))
    indexes.set(page, known)
  }
  return known
}

interface ProjectedRow {
  readonly chain: Chain
  readonly known: number
  readonly state: Presence
}

const projectedRows = new WeakMap<OrganizationMembership, ProjectedRow>()

/** A row with the operations applied that its page may not know; the same object until one of them changes. */
function projectRow(row: OrganizationMembership, chain: Chain, known: number): Presence {
  const memo = projectedRows.get(row)
  if (memo?.chain === chain && memo.known === known) return memo.state
  const state = applyOperations(chain.operations.slice(known), presentRow(row))
  projectedRows.set(row, { chain, known, state })
  return state
}

/** Patches that follow each other are applied as one, so that many cost no more than they are long. */
function applyOperations(operations: readonly Operation[], before: Presence): Presence {
  let state = before
  let open: ComposedChange | undefined
  for (const { change, confirmation, isOptimistic } of operations) {
    if (confirmation) {
      state = confirmation.after
      open = undefined
    } else if (isOptimistic && !open?.add(change)) {
      if (open) state = applyChange(open.value, state)
      open = new ComposedChange(change)
    }
  }
  return open ? applyChange(open.value, state) : state
}

/** One member as it is to be shown. */
export function projectMember(
  row: OrganizationMembership,
  stamp: Stamp,
  chain: Chain | undefined,
): Presence {
  return chain ? projectRow(row, chain, knownCount(chain, stamp)) : presentRow(row)
}
