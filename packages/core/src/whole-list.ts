import { onAbort, reasonOf, throwIfAborted } from './abort.js'
import type { OrganizationMembership, OrganizationMembershipPage } from './contract/domain.js'
import { listLimits } from './contract/list-query.js'

/** How to read a whole list, page by page. */
export interface PageWalk {
  readonly pageSize: number
  /** Pages on the way at the same time. */
  readonly concurrency: number
  /** 1 where the oldest membership comes first, -1 where the newest does. */
  readonly direction: 1 | -1
  readonly signal: AbortSignal | undefined
  readonly readPage: (
    page: { limit: number; offset: number },
    signal: AbortSignal,
  ) => Promise<OrganizationMembershipPage>
  /** What to throw for a list that cannot be walked. */
  readonly errorFor: (error: WalkError) => Error
}

interface PlannedPage {
  readonly offset: number
  readonly answer: Promise<OrganizationMembershipPage>
}

// A page of one row could not hold a known row and a new one.
export const smallestPageSize = 2
/**
 * Rows of a page where nobody says: as many as the API gives, and with `getToken` as many as a backend that mounts the
 * routes gives to a browser, unless it is told otherwise.
 */
export const defaultPageSize = { ofTheAPI: listLimits.maximumLimit, ofABackend: 100 } as const
export const defaultConcurrency = 4
export const largestConcurrency = 100

/**
 * Every membership of a list, once. Pages after the first are asked for ahead of time, and are used in their order; no
 * more than `concurrency` of them are held. Ending the iteration ends the requests.
 */
export async function* walkPages(options: PageWalk): AsyncGenerator<OrganizationMembership> {
  const { concurrency, readPage, signal } = options
  const walk = new MembershipWalk(options.pageSize, options.direction)
  const controller = new AbortController()
  throwIfAborted(signal)
  const unlisten = onAbort(signal, () => controller.abort(reasonOf(signal)))

  const start = (offset: number): PlannedPage => {
    const answer = readPage({ limit: walk.limit, offset }, controller.signal)
    // One that fails while nobody waits for it is reported when its turn comes.
    answer.catch(() => {})
    return { offset, answer }
  }
  const planned: PlannedPage[] = []
  const planAhead = (from: number, pages: number) => {
    let next = walk.offsetAfter(planned.at(-1)?.offset ?? from)
    while (next !== undefined && planned.length < pages) {
      planned.push(start(next))
      next = walk.offsetAfter(next)
    }
  }
  try {
    for (;;) {
      const head = planned[0]
      const page = head !== undefined && walk.reaches(head.offset) ? head : start(walk.nextOffset)
      if (page === head) planned.shift()
      planAhead(page.offset, concurrency - 1)
      const joining = walk.take(page.offset, await page.answer)
      if (!joining.joined) continue
      // The next pages are on their way while these rows are worked on.
      if (!joining.end) planAhead(page.offset, concurrency)
      for (const row of joining.rows) {
        yield row
        throwIfAborted(signal)
      }
      if (joining.end) return
    }
  } catch (error) {
    throw error instanceof WalkError ? options.errorFor(error) : error
  } finally {
    unlisten()
    controller.abort()
  }
}

/** What a page brought: the rows that are new, or nothing because it does not join what is known so far. */
export type Joining =
  | { readonly joined: true; readonly rows: OrganizationMembership[]; readonly end: boolean }
  | { readonly joined: false }

/** A list that cannot be walked: not in order, or not holding still enough. */
export class WalkError extends Error {}

/** Rows of the page before that a page repeats while nothing moves, if it is not a small one. */
const usualOverlap = 16

/** As many steps to the left, with nothing new found in between, mean that the walk is not getting anywhere. */
const mostFruitlessSteps = 64

/**
 * Decides which pages of a list that changes meanwhile belong together, so that a member present from start to end
 * comes exactly once. Pure: it is told pages, and says which one it needs.
 *
 * The list is in the order of creation. `at` is the newest creation that came, `group` the ids that came with exactly
 * that time. What holds all the while: *every member present throughout that is older than `at` has come.*
 *
 * A page is one contiguous piece of one snapshot. So where its first row is older than `at`, nobody can hide between
 * what has come and the page, whatever was added or removed since:
 *
 * ```
 *   has come   ████████████████at
 *   joins                  ░░░░██████████        first row older than `at`
 *   does not                       ██████████    older members were removed, and the list moved left
 * ```
 * A page that does not join is asked for again further to the left, in steps that double.
 *
 * Rows of one millisecond are told apart by id. Where they fill a page, none starts with an older row, and one that
 * starts with a row of `group` must do: right as long as such rows keep their order.
 */
class MembershipWalk {
  #at = Number.NEGATIVE_INFINITY
  #group = new Set<string>()
  /** Where the last page that joined ended, as an offset into the list as it was then. */
  #position = 0
  /** How far to the left of `position` the next page is asked for. */
  #back: number
  #fruitlessSteps = 0
  #total = 0
  #limit: number
  readonly #direction: 1 | -1

  /** @param direction 1 where the oldest membership comes first, -1 where the newest does */
  constructor(limit: number, direction: 1 | -1) {
    this.#limit = limit
    this.#direction = direction
    this.#back = this.#overlap
  }

  /** The page size to ask for; smaller than wanted where the server gives less. */
  get limit(): number {
    return this.#limit
  }

  /** The page that is needed next. */
  get nextOffset(): number {
    return Math.max(0, this.#position - this.#back)
  }

  /** The page that is likely to be needed after one at `offset`; `undefined` past the end. */
  offsetAfter(offset: number): number | undefined {
    const end = offset + this.#limit
    return end < this.#total ? end - this.#overlap : undefined
  }

  /** True for a page that leaves no gap to what has come. */
  reaches(offset: number): boolean {
    return offset < this.#position || offset === 0
  }

  /** Takes a page in. Where it does not join, `nextOffset` has moved to the left. */
  take(offset: number, { data, totalCount }: OrganizationMembershipPage): Joining {
    this.#total = totalCount
    const end = data.length < this.#limit && offset + data.length >= totalCount
    // The whole list in one answer: its order does not matter.
    if (end && offset === 0 && this.#at === Number.NEGATIVE_INFINITY) {
      return { joined: true, rows: data, end }
    }
    if (offset > 0 && offset >= totalCount && data.length > 0) {
      throw new WalkError(`it goes on past its ${totalCount} memberships: is offset heeded?`)
    }
    this.#checkOrder(data)
    if (!this.#joins(offset, data)) {
      this.#stepLeft(offset)
      return { joined: false }
    }
    const rows = data.filter((row) => this.#isNew(row))
    if (rows.length > 0) this.#fruitlessSteps = 0
    if (!end && data.length < this.#limit) this.#shrinkTo(data.length)
    this.#position = offset + data.length
    this.#back = this.#overlap
    return { joined: true, rows, end }
  }

  get #overlap(): number {
    // Two at least: the row that came last, and an older one to join at.
    return Math.max(Math.min(2, this.#limit - 1), Math.min(usualOverlap, this.#limit >> 2))
  }

  /** Grows in the direction of the walk. */
  #rank(row: OrganizationMembership): number {
    return row.createdAt * this.#direction
  }

  #joins(offset: number, data: OrganizationMembership[]): boolean {
    if (offset === 0) return true
    const first = data[0]
    if (first === undefined) return false
    const rank = this.#rank(first)
    if (rank !== this.#at) return rank < this.#at
    // A row of the same time may stand before this one, unseen; unless so many came already that no page has room for
    // them, an older row and a new one.
    return this.#group.size >= this.#limit - 1 && this.#group.has(first.id)
  }

  #isNew(row: OrganizationMembership): boolean {
    const rank = this.#rank(row)
    if (rank < this.#at || (rank === this.#at && this.#group.has(row.id))) return false
    if (rank > this.#at) {
      this.#at = rank
      this.#group = new Set()
    }
    this.#group.add(row.id)
    return true
  }

  #stepLeft(offset: number): void {
    // A page that was planned before the list moved: the walk asks again from where it stands.
    if (offset > this.nextOffset) return
    this.#fruitlessSteps += 1
    if (this.#fruitlessSteps > mostFruitlessSteps) {
      throw new WalkError(
        'its pages do not fit together: too many memberships share one time of creation and change their order, ' +
          'or the list changes faster than it can be read',
      )
    }
    // Not past the last step that still brings a new row, without having tried it.
    const furthestWithNews = this.#limit - 1
    const doubled = Math.max(1, this.#back) * 2
    this.#back =
      this.#back < furthestWithNews && doubled > furthestWithNews ? furthestWithNews : doubled
  }

  /** The list goes on after a page that is shorter than asked: the server has a limit of its own. */
  #shrinkTo(length: number): void {
    if (length < 2) {
      throw new WalkError(`a page in the middle of ${this.#total} memberships holds ${length}`)
    }
    this.#limit = length
  }

  #checkOrder(data: OrganizationMembership[]): void {
    let before = Number.NEGATIVE_INFINITY
    for (const row of data) {
      const rank = this.#rank(row)
      if (rank < before)
        throw new WalkError('the list is not in the order of creation that was asked for')
      before = rank
    }
  }
}
