import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import { Emitter } from './emitter.js'
import type { Change } from './members/presence.js'
import { MemberTable, tick } from './members/table.js'
import type { PageKey } from './pages/keys.js'
import { isSamePage, PageProjector } from './pages/projector.js'
import { PageRegistry, type Place, setStamp, stampOf } from './pages/registry.js'
import { untilAborted } from './pages/requests.js'
import { distinct, type MountedList, Revalidation } from './pages/revalidation.js'
import type { OrganizationMembershipsAPI, RevalidateMode } from './types.js'
import { type Ended, WriteQueue } from './writes/queue.js'
import { requestChange } from './writes/rules.js'
import { RequestSlots } from './writes/slots.js'

export interface Write {
  readonly userId: string
  readonly change: Change
  readonly optimistic: boolean
  readonly revalidate: RevalidateMode | undefined
  readonly signal: AbortSignal | undefined
}

/** One organization: its members and their writes, and the pages that show them. What pages say is not here. */
export class Organization {
  readonly id: string
  readonly table = new MemberTable()
  readonly pages = new PageRegistry()
  readonly projector = new PageProjector(this.table)
  readonly #api: OrganizationMembershipsAPI
  readonly #queue: WriteQueue
  readonly #revalidation = new Revalidation()
  readonly #emitter = new Emitter()
  readonly #drop: (place: Place) => void
  readonly #dropGiven: (key: string) => void
  /** Another object after each reset: what was sent before one must not be told after it. */
  #era: object = {}
  /** When somebody last asked for it. */
  usedAt = 0
  /** Pages that were given to lists since their cache last had the time to take them in. */
  readonly #landed = new Set<OrganizationMembershipPage>()
  #isPruneDue = false
  #isNotifyDue = false

  /** @param drop takes a page out of its cache that nobody has shown for long; `dropGiven` one that nobody has taken */
  constructor(
    id: string,
    api: OrganizationMembershipsAPI,
    drop: (place: Place) => void = () => {},
    dropGiven: (key: string) => void = () => {},
    slots = new RequestSlots(8),
  ) {
    this.id = id
    this.#api = api
    this.#drop = drop
    this.#dropGiven = dropGiven
    this.#queue = new WriteQueue({
      table: this.table,
      slots,
      send: (userId, change, signal) =>
        requestChange(api, { organizationId: id, userId }, change, signal),
      ended: (how) => this.#ended(how),
    })
  }

  readonly subscribe = this.#emitter.subscribe

  // ---- reading

  /** @param arrived is called with an answer there, before it is taken in: its caller may have to forget first */
  async fetchPage(
    key: PageKey,
    place: Place | undefined,
    signal: AbortSignal,
    arrived: () => void = () => {},
  ): Promise<OrganizationMembershipPage> {
    const era = this.#era
    const start = tick()
    this.pages.ask(start)
    try {
      const list = this.#api.list({ organizationId: this.id, ...key[3] }, { signal })
      const answer = await untilAborted(list, signal)
      arrived()
      if (era === this.#era) return this.land(this.#receive(answer, start, place))
    } finally {
      this.pages.settle(start)
      this.#pruneSoon()
    }
    // What was known was forgotten meanwhile, and the answer may be for the user of before: ask again.
    return this.fetchPage(key, place, signal, arrived)
  }

  #receive(
    answer: OrganizationMembershipPage,
    start: number,
    place: Place | undefined,
  ): OrganizationMembershipPage {
    const stamp = { start, end: tick(), by: this }
    const { organization } = this.table
    let page = this.table.share(answer, stamp)
    if (organization !== this.table.organization) this.#notify()
    const previous = place && this.pages.find(place)
    // A request that started later has landed already: it knows more.
    if (previous && stampOf(previous).start > start) return previous
    // A cache keeps the old object for an equal answer, so the object has to say when it was last true: or a value
    // that somebody else changed back would stay hidden under our own confirmed write.
    if (previous && isSamePage(previous, page)) {
      page = previous
      if (this.table.written.size > 0) this.#notify()
    }
    setStamp(page, stamp)
    if (place) this.pages.put(place, page)
    return page
  }

  /**
   * A list is about to be given this page. It need not have come just now: it may have been preloaded, or be what a
   * later request has brought. The write it was read during may have ended since, when no list had it yet.
   */
  land(page: OrganizationMembershipPage): OrganizationMembershipPage {
    if (this.table.written.size > 0) this.#landed.add(page)
    this.#pruneSoon()
    return page
  }

  /** Whether a page was fetched, but by another store: it is what somebody else may see. */
  isForeign(page: OrganizationMembershipPage): boolean {
    const { by } = stampOf(page)
    return by !== undefined && by !== this
  }

  /** @returns to be called when the list leaves */
  mount(list: MountedList): () => void {
    const unmount = this.pages.mount(list)
    this.#revalidateOverlapped(list)
    return unmount
  }

  /**
   * A page that was read while a write was under way, and came when the write had ended: no write that ends will have it
   * fetched again.
   */
  #revalidateOverlapped(list: MountedList): void {
    if (this.table.pendingCount > 0) return
    const isDue = list.pages().some(({ page, key }) => {
      const { certainty } = this.projector.project(page, key)
      return certainty === 'guessed' || (certainty === 'incomplete' && list.mode !== false)
    })
    if (isDue) list.revalidate()
  }

  /** Has mounted lists fetch again, each once. */
  revalidateLists(isDue: (list: MountedList) => boolean): void {
    for (const list of distinct([...this.pages.lists].filter(isDue))) list.revalidate()
  }

  // ---- writing

  /** Shows the write at once, sends it when its turn comes, and settles with what became of it. */
  write({
    userId,
    change,
    optimistic,
    revalidate,
    signal,
  }: Write): Promise<OrganizationMembership> {
    if (!signal?.aborted) this.#revalidation.ask(revalidate)
    const settled = this.#queue.add(userId, change, optimistic, signal)
    this.#notify()
    return settled
  }

  statusOf(userId: string): {
    pending: number
    error: Error | undefined
    failedWrite: Change['kind'] | undefined
  } {
    const failure = this.#queue.failureOf(userId)
    return {
      pending: this.#queue.pendingCount(userId),
      error: failure?.error,
      failedWrite: failure?.kind,
    }
  }

  /** A write has ended, one way or another. */
  #ended({ isConfirmed, isUnknown, hasMoved }: Ended): void {
    if (isUnknown) this.#revalidation.force()
    if (hasMoved) this.#revalidation.rowsMoved()
    if (this.table.pendingCount > 0) {
      // What is confirmed is on the screen already: of many writes the confirmations are rendered together.
      if (isConfirmed) this.#notifySoon()
      else this.#notify()
      return
    }
    this.#notify()
    const due = this.#revalidation.take(
      this.pages.lists,
      (page, key) => this.projector.project(page, key).certainty,
    )
    for (const list of due) list.revalidate()
    this.#pruneSoon()
  }

  // ---- forgetting

  /** Nobody shows anything of it or waits for it, and no page of it is kept. */
  get isIdle(): boolean {
    return this.pages.isEmpty && this.table.pendingCount === 0 && !this.#emitter.isHeard
  }

  /** After a cache has taken in what was fetched. */
  #pruneSoon(): void {
    if (this.#isPruneDue || this.table.written.size === 0) return
    this.#isPruneDue = true
    setTimeout(() => {
      this.#isPruneDue = false
      const isLanded = (list: MountedList) =>
        list.pages().some(({ page }) => this.#landed.has(page))
      for (const list of distinct(this.pages.lists)) {
        if (isLanded(list)) this.#revalidateOverlapped(list)
      }
      this.#landed.clear()
      this.prune()
    }, 0)
  }

  /** Forgets the confirmed writes that every page knows. */
  prune(): void {
    this.pages.expire(this.#drop, this.#dropGiven)
    this.table.prune(this.pages.oldest())
  }

  reset(reason: unknown): void {
    this.#queue.clear(reason)
    this.forget()
  }

  /** What is known is gone. Writes under way go on and settle, but show nothing any more. */
  forget(): void {
    this.#era = {}
    this.table.clear()
    this.#queue.forget()
    this.pages.clear()
    this.#revalidation.clear()
    this.#notify()
  }

  #notifySoon(): void {
    if (this.#isNotifyDue) return
    this.#isNotifyDue = true
    setTimeout(() => {
      this.#isNotifyDue = false
      this.#notify()
    }, 0)
  }

  #notify(): void {
    this.#emitter.emit()
  }
}
