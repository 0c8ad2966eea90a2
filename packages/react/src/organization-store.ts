import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import { Directory } from './directory.js'
import type { NormalizedQuery } from './keys.js'
import { meaningOf } from './outcome.js'
import { isUnconfirmed, OperationLog, statesOf } from './overlay/log.js'
import type { Change } from './overlay/change.js'
import { ComposedChange } from './overlay/composed-change.js'
import type { Operation } from './overlay/operation.js'
import { absent, type Presence, presentRow } from './overlay/presence.js'
import { projectMember } from './overlay/project.js'
import { beforeEverything, type Stamp, tick } from './overlay/stamp.js'
import { isSamePage, PageProjector, setStamp, stampOf } from './page-projector.js'
import { Emitter } from './emitter.js'
import { KeyedQueue, type QueuePolicy } from './queue.js'
import { untilAborted } from './request-scopes.js'
import { RequestSlots } from './request-slots.js'
import { type MountedList, Revalidation } from './revalidation.js'
import type { CachedPages, OrganizationMembershipsAPI, RevalidateMode } from './types.js'
import { composeChanges, isAboutContent, refusalAfter, requestChange } from './write-rules.js'

export interface WriteRequest {
  readonly userId: string
  readonly change: Change
  readonly optimistic: boolean
  readonly revalidate: RevalidateMode | undefined
  readonly signal: AbortSignal | undefined
}

export interface FoundMember {
  readonly data: OrganizationMembership | null | undefined
  readonly isOptimistic: boolean
}

export interface MemberStatus {
  readonly pending: number
  readonly error: Error | undefined
  readonly failedWrite: Change['kind'] | undefined
}

/** What is known and under way in one organization. Server truth is not here: that is in SWR's cache. */
export class OrganizationStore {
  readonly id: string
  readonly directory = new Directory()
  readonly projector: PageProjector
  /** Of no write: as a server renders. */
  readonly bareProjector = new PageProjector(new OperationLog())
  readonly #api: OrganizationMembershipsAPI
  readonly #cachedPages: CachedPages
  readonly #log = new OperationLog()
  readonly #queue: KeyedQueue<Operation, OrganizationMembership>
  readonly #revalidation = new Revalidation()
  readonly #emitter = new Emitter()
  readonly #lists = new Set<MountedList>()
  /** When each GET under way has started. */
  readonly #requestStarts = new Set<number>()
  /** The last failure of each user, until the next write to them. */
  readonly #failures = new Map<string, { error: Error; kind: Change['kind'] }>()
  readonly #inFlight = new Set<number>()
  /** Rejected by their own signal while the request goes on for others. */
  readonly #abandoned = new Set<number>()
  readonly #fetched = new WeakSet<OrganizationMembershipPage>()
  /** Counts resets: what was sent before one must not be told after it. */
  #isPruneDue = false
  #isNotifyDue = false
  #era = 0
  readonly #eras = new WeakMap<Operation, number>()

  constructor(
    id: string,
    api: OrganizationMembershipsAPI,
    cachedPages: CachedPages,
    slots = new RequestSlots(8),
  ) {
    this.id = id
    this.#api = api
    this.#cachedPages = cachedPages
    this.projector = new PageProjector(this.#log)
    const policy: QueuePolicy<Operation, OrganizationMembership> = {
      send: (operations, signal) => this.#send(operations, signal),
      open: (first) => {
        const composed = new ComposedChange(first.change)
        return (next) => composed.add(next.change)
      },
      splits: isAboutContent,
      refuses: refusalAfter,
    }
    this.#queue = new KeyedQueue(policy, slots)
  }

  readonly subscribe = this.#emitter.subscribe

  mount(list: MountedList): () => void {
    this.#lists.add(list)
    return () => this.#lists.delete(list)
  }

  /** The lists that mounted hooks show under a key of SWR's caches. */
  mountedLists(id: string): MountedList[] {
    return [...this.#lists].filter((list) => list.id === id)
  }

  /** Has mounted lists fetch again, each once. */
  revalidateLists(isDue: (list: MountedList) => boolean): void {
    const lists = [...this.#lists].filter(isDue)
    const firsts = lists.filter(
      ({ id, cache }, index) =>
        lists.findIndex((other) => other.id === id && other.cache === cache) === index,
    )
    for (const list of firsts) list.revalidate()
  }

  isShown(id: string, cache: object): boolean {
    return this.mountedLists(id).some((list) => list.cache === cache)
  }

  /** Whether a page was fetched, but by another store: it is what somebody else may see. */
  isForeign(page: OrganizationMembershipPage): boolean {
    return stampOf(page) !== beforeEverything && !this.#fetched.has(page)
  }

  /** One member as any list has told of them; `null` is not a member, `undefined` not known. */
  findMember(userId: string): FoundMember {
    const chain = this.#log.chains.get(userId)
    const known = this.directory.find(userId)
    const state = known
      ? projectMember(known.row, known.stamp, chain)
      : chain && statesOf(chain).at(-1)
    if (!state) return { data: undefined, isOptimistic: false }
    const data = state.isMember ? state.row : null
    return { data, isOptimistic: data !== known?.row && !!chain && isUnconfirmed(chain) }
  }

  statusOf(userId: string): MemberStatus {
    const failure = this.#failures.get(userId)
    return {
      pending: this.#log.pendingCount(userId),
      error: failure?.error,
      failedWrite: failure?.kind,
    }
  }

  /** How many operations are kept, confirmed ones included. */
  get operationCount(): number {
    return this.#log.size
  }

  // ---- fetching

  async fetchPage(
    query: NormalizedQuery,
    previous: () => OrganizationMembershipPage | undefined,
    signal: AbortSignal,
  ): Promise<OrganizationMembershipPage> {
    const era = this.#era
    const start = tick()
    this.#requestStarts.add(start)
    try {
      const list = this.#api.list({ organizationId: this.id, ...query }, { signal })
      const answer = await untilAborted(list, signal)
      if (era === this.#era) return this.#receive(answer, { start, end: tick() }, previous())
    } finally {
      this.#requestStarts.delete(start)
      this.#pruneSoon()
    }
    // What was known was forgotten meanwhile, and the answer may be for the user of before: ask again.
    return this.fetchPage(query, previous, signal)
  }

  #receive(
    answer: OrganizationMembershipPage,
    stamp: Stamp,
    previous: OrganizationMembershipPage | undefined,
  ): OrganizationMembershipPage {
    const { organization } = this.directory
    const page = this.directory.share(answer, stamp)
    if (organization !== this.directory.organization) this.#notify()
    // A request that started later has landed already: it knows more.
    if (previous && stampOf(previous).start > stamp.start) return previous
    if (!previous || !isSamePage(previous, page)) {
      setStamp(page, stamp)
      this.#fetched.add(page)
      return page
    }
    // SWR keeps the old object for an equal answer, so the object has to tell when it was last true: or a value that
    // somebody else changed back would stay hidden under our own confirmed write.
    setStamp(previous, stamp)
    this.#fetched.add(previous)
    if (this.#log.size > 0) this.#notify()
    return previous
  }

  // ---- writing

  /** Shows the write at once, sends it when its turn comes, and settles with what became of it. */
  write({
    userId,
    change,
    optimistic,
    revalidate,
    signal,
  }: WriteRequest): Promise<OrganizationMembership> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const operation = this.#log.add({ userId, change, isOptimistic: optimistic }, () =>
      this.#anchorOf(userId, change),
    )
    const era = this.#era
    this.#eras.set(operation, era)
    this.#revalidation.ask(revalidate)
    this.#failures.delete(userId)
    const settled = this.#queue.add(userId, operation, signal)
    this.#notify()
    return settled.catch((error: Error) => {
      // In flight still, for a signal that fired: the request's own end takes it out.
      if (this.#inFlight.has(operation.id)) this.#abandoned.add(operation.id)
      else if (!this.#log.isConfirmed(operation)) this.#log.remove([operation])
      if (!signal?.aborted && era === this.#era)
        this.#failures.set(userId, { error, kind: change.kind })
      this.#ended()
      throw error
    })
  }

  #anchorOf(userId: string, { kind }: Change): Presence {
    const row = this.directory.find(userId)?.row
    if (row) return presentRow(row)
    return kind === 'create' ? absent : { isMember: true }
  }

  async #send(
    operations: readonly Operation[],
    signal: AbortSignal,
  ): Promise<OrganizationMembership> {
    const era = this.#eras.get(operations[0] as Operation)
    const [{ userId }] = operations as [Operation]
    this.#log.send(operations, tick())
    for (const { id } of operations) this.#inFlight.add(id)
    let isConfirmed = false
    try {
      const answer = await requestChange(
        this.#api,
        { organizationId: this.id, userId },
        composeChanges(operations),
        signal,
      )
      if (era !== this.#era) {
        signal.throwIfAborted()
        // It acted for somebody whose rows are gone from the screen: only the server tells what may be shown now.
        this.#revalidation.force()
        return answer
      }
      this.#confirm(operations, answer)
      isConfirmed = true
      return answer
    } catch (error) {
      if (era !== this.#era) {
        if (!signal.aborted) this.#revalidation.force()
        throw error
      }
      return this.#fail(operations, error)
    } finally {
      for (const { id } of operations) {
        this.#inFlight.delete(id)
        this.#abandoned.delete(id)
      }
      this.#ended(isConfirmed)
    }
  }

  #confirm(operations: readonly Operation[], answer: OrganizationMembership): void {
    const at = tick()
    const [{ userId, change }] = operations as [Operation]
    if (change.kind === 'delete') {
      this.directory.forget(userId)
      this.#log.confirm(operations, { at, after: absent, before: presentRow(answer) })
    } else {
      const row = this.directory.learn(answer, { start: at, end: at })
      // Nobody is created twice, so a create says what was before: that outlives the joining of operations.
      const before = change.kind === 'create' ? { before: absent } : {}
      this.#log.confirm(operations, { at, after: presentRow(row), ...before })
    }
    if (change.kind === 'delete' || change.kind === 'create') this.#revalidation.rowsMoved()
  }

  /** Resolves where the failure is what was wanted: a member to be removed who was gone already. */
  #fail(operations: readonly Operation[], error: unknown): OrganizationMembership {
    const [{ userId, change }] = operations as [Operation]
    if (operations.length > 1 && isAboutContent(error)) {
      // Back into the queue, to be sent one by one.
      this.#log.send(operations, undefined)
      this.#log.remove(operations.filter(({ id }) => this.#abandoned.has(id)))
      throw error
    }
    const meaning = meaningOf(error, change.kind)
    const fail = (): never => {
      if (operations.some(({ id }) => !this.#abandoned.has(id))) {
        this.#failures.set(userId, { error: error as Error, kind: change.kind })
      }
      throw error
    }
    if (meaning !== 'refused') this.#revalidation.force()
    if (meaning !== 'gone') {
      this.#log.remove(operations)
      return fail()
    }
    const known = this.directory.find(userId)?.row
    this.directory.forget(userId)
    this.#log.confirm(operations, { at: tick(), after: absent })
    if (change.kind === 'delete' && known) {
      return known
    }
    return fail()
  }

  /** A write has ended, one way or another. */
  #ended(isConfirmed = false): void {
    if (this.#log.hasPending) {
      // What is confirmed is on the screen already: of many writes the confirmations are rendered together.
      if (isConfirmed) this.#notifySoon()
      else this.#notify()
      return
    }
    this.#notify()
    const due = this.#revalidation.take(
      this.#lists,
      (page, context) => this.projector.project(page, context).certainty,
    )
    for (const list of due) list.revalidate()
    this.#pruneSoon()
  }

  // ---- forgetting

  /** After SWR has put what was fetched into its cache. */
  #pruneSoon(): void {
    if (this.#isPruneDue || this.#log.chains.size === 0) return
    this.#isPruneDue = true
    setTimeout(() => {
      this.#isPruneDue = false
      this.prune()
    }, 0)
  }

  /** Forgets the operations that every cached page knows. */
  prune(): void {
    const cached = [...this.#cachedPages(this.id)].map(stampOf)
    const open = [...this.#requestStarts].map((start) => ({ start, end: Infinity }))
    for (const [userId, { operations }] of this.#log.chains) {
      if (operations.at(-1)?.confirmation?.after.isMember === false) this.directory.forget(userId)
    }
    this.#log.prune([...cached, ...open])
  }

  reset(reason: unknown): void {
    this.#queue.clear(reason)
    this.forget()
  }

  /** What is known is gone. Writes under way go on and settle, but show nothing any more. */
  forget(): void {
    this.#era += 1
    this.#log.clear()
    this.directory.clear()
    this.#failures.clear()
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
