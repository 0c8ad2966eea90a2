import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import type { NormalizedQuery } from '../keys.js'
import { type Chain, type Chains, statesOf } from './log.js'
import { type Contribution, contributionTo } from './membership-in-list.js'
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
  return chains.size === 0
    ? { page, certainty: 'exact', isOptimistic: false }
    : new PageProjection(page, context, chains).result()
}

interface Returned {
  readonly state: Present
  readonly row: OrganizationMembership
}

class PageProjection {
  readonly #page: OrganizationMembershipPage
  readonly #context: PageContext
  readonly #rows: OrganizationMembership[] = []
  readonly #returned: Returned[] = []
  readonly #isLast: boolean
  readonly #isWhole: boolean
  #total: number
  #isChanged = false
  #isOptimistic = false
  #certainty: Certainty = 'exact'

  constructor(page: OrganizationMembershipPage, context: PageContext, chains: Chains) {
    const { data, totalCount } = page
    const { offset } = context.query
    this.#page = page
    this.#context = context
    this.#total = totalCount
    this.#isLast = offset + data.length >= totalCount
    this.#isWhole = offset === 0 && data.length === totalCount
    const onPage = this.#projectRows(chains)
    this.#placeOthers(chains, onPage)
  }

  result(): Projection {
    const { limit } = this.#context.query
    const rows = this.#context.overflow === 'drop' ? this.#rows.slice(0, limit) : this.#rows
    return {
      page: this.#isChanged ? { data: rows, totalCount: Math.max(0, this.#total) } : this.#page,
      certainty: this.#certainty,
      isOptimistic: this.#isOptimistic,
    }
  }

  /** A row that is on the page counted as one when the page was read, whatever the operations were doing then. */
  #projectRows(chains: Chains): ReadonlySet<string> {
    const onPage = new Set<string>()
    for (const row of this.#page.data) {
      const userId = row.publicUserData?.userId
      const chain = userId === undefined ? undefined : chains.get(userId)
      const known = chain ? knownCount(chain, this.#context.stamp) : 0
      if (userId === undefined || !chain || known === chain.operations.length) {
        this.#rows.push(row)
        continue
      }
      onPage.add(userId)
      const state = projectRow(row, chain, known)
      if (
        !state.isMember ||
        !state.row ||
        contributionTo(this.#context.query, userId, state, true) === 0
      ) {
        this.#total -= 1
        if (!this.#isLast) this.#doubt('incomplete')
      } else if (state.row.id === row.id) this.#rows.push(state.row)
      else this.#returned.push({ state, row: state.row })
      if (this.#rows.at(-1) !== row) this.#touch(chain)
    }
    return onPage
  }

  /** Somebody removed and added again counts as before, and stands where a newcomer stands. */
  #placeReturned({ state, row }: Returned): void {
    const index = this.#indexFor(state)
    if (index === undefined) this.#doubt('incomplete')
    else this.#rows.splice(index, 0, row)
  }

  /** Users with operations whose row is not on the page: they may move its total, or have a place on it. */
  #placeOthers(chains: Chains, onPage: ReadonlySet<string>): void {
    for (const returned of this.#returned) this.#placeReturned(returned)
    const drafts: (() => void)[] = []
    for (const [userId, chain] of chains) {
      if (
        onPage.has(userId) ||
        knownCount(chain, this.#context.stamp) === chain.operations.length
      ) {
        continue
      }
      const state = statesOf(chain).at(-1) as Presence
      const place = () => this.#placeOther(userId, chain, state)
      // A draft stands above what the server has already dated.
      if (state.isMember && state.isDraft) drafts.push(place)
      else place()
    }
    for (const place of drafts) place()
  }

  #placeOther(userId: string, chain: Chain, state: Presence): void {
    const { query, stamp } = this.#context
    const after = contributionTo(query, userId, state)
    const index = after === 1 && state.isMember ? this.#indexFor(state) : undefined
    // Had the page known this row it would stand there: so it did not count.
    const before: Contribution | 'either' =
      index === undefined ? this.#contributionBefore(userId, chain, stamp) : 0
    if (before === after && after !== 'unknown') return
    this.#touch(chain)
    if (before === 'unknown' || before === 'ifFound' || typeof after !== 'number') {
      this.#doubt('incomplete')
      return
    }
    if (before === 'either') {
      this.#total +=
        after - contributionOf(statesOf(chain)[knownCount(chain, stamp)], userId, query)
      this.#doubt('guessed')
      return
    }
    this.#total += after - before
    if (index === undefined || !state.isMember || !state.row) this.#doubt('incomplete')
    else this.#rows.splice(index, 0, state.row)
  }

  /** What the user counted when the page was read: `'either'` where a write was under way that makes a difference. */
  #contributionBefore(userId: string, chain: Chain, stamp: Stamp): Contribution | 'either' {
    const sentCount = chain.operations.filter(
      ({ sentAt }) => sentAt !== undefined && sentAt <= stamp.end,
    ).length
    const [first, ...others] = new Set(
      statesOf(chain)
        .slice(knownCount(chain, stamp), 1 + sentCount)
        .map((state) => contributionTo(this.#context.query, userId, state)),
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

  #touch({ operations }: Chain): void {
    this.#isChanged = true
    if (operations.some(({ confirmation, isOptimistic }) => !confirmation && isOptimistic)) {
      this.#isOptimistic = true
    }
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
  let state: Presence = presentRow(row)
  for (const operation of chain.operations.slice(known)) state = applyOperation(operation, state)
  projectedRows.set(row, { chain, known, state })
  return state
}

function applyOperation({ change, confirmation, isOptimistic }: Operation, state: Presence) {
  if (confirmation) return confirmation.after
  return isOptimistic ? applyChange(change, state) : state
}

/** One member as it is to be shown. */
export function projectMember(
  row: OrganizationMembership,
  stamp: Stamp,
  chain: Chain | undefined,
): OrganizationMembership | null | undefined {
  const state = chain ? projectRow(row, chain, knownCount(chain, stamp)) : presentRow(row)
  return state.isMember ? state.row : null
}

function contributionOf(
  state: Presence | undefined,
  userId: string,
  query: NormalizedQuery,
): number {
  const contribution = state && contributionTo(query, userId, state)
  return typeof contribution === 'number' ? contribution : 0
}
