import { onAbort, reasonOf, throwIfAborted } from './abort.js'
import type { OrganizationMembership, OrganizationMembershipPage } from './contract/domain.js'
import { listLimits } from './contract/list-query.js'
import { MembershipWalk, WalkError } from './walk.js'

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
