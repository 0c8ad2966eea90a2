import type {
  MetadataPatch,
  OrganizationMembership,
  OrganizationMembershipPage,
  PublicMetadata,
} from '@org-memberships/core'
import { Directory } from './directory.js'
import type { NormalizedQuery, PageKey } from './keys.js'
import { meaningOf } from './outcome.js'
import { type Chains, OperationLog, statesOf } from './overlay/log.js'
import type { Change, Operation } from './overlay/operation.js'
import { composePatches } from './overlay/patch.js'
import { absent, type Presence, presentRow } from './overlay/presence.js'
import { type PageContext, projectMember, projectPage, type Projection } from './overlay/project.js'
import { beforeEverything, type Stamp, tick } from './overlay/stamp.js'
import { KeyedQueue } from './queue.js'
import type { CachedPages, OrganizationMembershipsApi, RevalidateMode } from './types.js'

/** How the pages of a list are shown; when each was read is known here. */
export type ListContext = Omit<PageContext, 'stamp'>

/** A list that a mounted hook shows. */
export interface MountedList {
  /** Two hooks with one key share one request. */
  readonly id: string
  readonly isInfinite: boolean
  /** What the list does after writes that do not say. */
  readonly mode: RevalidateMode
  pages(): readonly { page: OrganizationMembershipPage; context: ListContext }[]
  revalidate(): void
}

export interface WriteRequest {
  readonly userId: string
  readonly change: Change
  readonly optimistic: boolean
  readonly revalidate: RevalidateMode | undefined
  readonly signal: AbortSignal | undefined
}

/** A write that was not sent because the one before it made it pointless. */
export class WriteNotSentError extends Error {
  override readonly name = 'WriteNotSentError'
}

// Of the pages, not of a store: a page may sit in SWR's cache longer than the store that fetched it lives.
const stamps = new WeakMap<OrganizationMembershipPage, Stamp>()
const infinity = Number.POSITIVE_INFINITY

/** What is known and under way in one organization. Server truth is not here: that is in SWR's cache. */
export class OrganizationStore {
  readonly id: string
  readonly directory = new Directory()
  readonly #api: OrganizationMembershipsApi
  readonly #cachedPages: CachedPages
  readonly #log = new OperationLog()
  readonly #listeners = new Set<() => void>()
  readonly #lists = new Set<MountedList>()
  readonly #requestStarts = new Set<number>()
  readonly #errors = new Map<string, Error>()
  readonly #projections = new WeakMap<
    OrganizationMembershipPage,
    { chains: Chains; stamp: Stamp; projection: Projection }
  >()
  readonly #inFlight = new Set<number>()
  /** Rejected by their own signal while the request goes on for others. */
  readonly #abandoned = new Set<number>()
  readonly #queue = new KeyedQueue<Operation, OrganizationMembership>({
    send: (operations, signal) => this.#send(operations, signal),
    joins: (operations, next) => composeAll([...operations, next]) !== undefined,
    splits: (error) => isAboutContent(error),
    refuses: ({ write, error }, next) => refusal(write, error, next),
  })
  #modes: (RevalidateMode | undefined)[] = []
  #mustRevalidate = false
  #hasMovedRows = false

  constructor(id: string, api: OrganizationMembershipsApi, cachedPages: CachedPages) {
    this.id = id
    this.#api = api
    this.#cachedPages = cachedPages
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  // ---- reading

  /** Shows a page; the same object until something that it shows changes. */
  project(page: OrganizationMembershipPage, context: ListContext): Projection {
    const stamp = stamps.get(page) ?? beforeEverything
    const { chains } = this.#log
    const last = this.#projections.get(page)
    if (last?.chains === chains && last.stamp === stamp) return last.projection
    const next = projectPage(page, { ...context, stamp }, chains)
    const projection = last ? keepIdentity(last.projection, next) : next
    this.#projections.set(page, { chains, stamp, projection })
    return projection
  }

  /** One member as any list has told of them. */
  findMember(userId: string): OrganizationMembership | null | undefined {
    const chain = this.#log.chains.get(userId)
    const known = this.directory.find(userId)
    if (known) return projectMember(known.row, known.stamp, chain)
    const state = chain && statesOf(chain).at(-1)
    if (!state) return undefined
    return state.isMember ? state.row : null
  }

  statusOf(userId: string): { pending: number; error: Error | undefined } {
    return { pending: this.#log.pendingCount(userId), error: this.#errors.get(userId) }
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
    const start = tick()
    this.#requestStarts.add(start)
    try {
      const answer = await this.#api.list({ organizationId: this.id, ...query }, { signal })
      signal.throwIfAborted()
      return this.#receive(answer, { start, end: tick() }, previous())
    } finally {
      this.#requestStarts.delete(start)
      this.#pruneSoon()
    }
  }

  #receive(
    answer: OrganizationMembershipPage,
    stamp: Stamp,
    previous: OrganizationMembershipPage | undefined,
  ): OrganizationMembershipPage {
    const page = this.directory.share(answer, stamp)
    if (previous) {
      // A request that started later has landed already: it knows more.
      if ((stamps.get(previous)?.start ?? 0) > stamp.start) return previous
      if (isSamePage(previous, page)) {
        // SWR keeps the old object for an equal answer, so the object has to tell when it was last true: or a value
        // that somebody else changed back would stay hidden under our own confirmed write.
        stamps.set(previous, stamp)
        if (this.#log.size > 0) this.#notify()
        return previous
      }
    }
    stamps.set(page, stamp)
    return page
  }

  mount(list: MountedList): () => void {
    this.#lists.add(list)
    return () => this.#lists.delete(list)
  }

  // ---- writing

  /** Shows the write at once, sends it when its turn comes, and settles with what became of it. */
  write(request: WriteRequest): Promise<OrganizationMembership> {
    const { userId, change, optimistic, revalidate, signal } = request
    if (signal?.aborted) return Promise.reject(signal.reason)
    const operation = this.#log.add({ userId, change, isOptimistic: optimistic }, () =>
      this.#anchorFor(userId, change),
    )
    this.#modes.push(revalidate)
    this.#errors.delete(userId)
    const settled = this.#queue.add(userId, operation, signal)
    this.#notify()
    return settled.catch((error: unknown) => {
      // In flight still, for a signal that fired: the request's own end takes it out.
      if (this.#inFlight.has(operation.id)) this.#abandoned.add(operation.id)
      else if (!this.#log.isConfirmed(operation)) this.#log.remove([operation])
      if (this.#errors.get(userId) !== error && !signal?.aborted)
        this.#errors.set(userId, error as Error)
      this.#ended()
      throw error
    })
  }

  #anchorFor(userId: string, { kind }: Change): Presence {
    const row = this.directory.find(userId)?.row
    if (row) return presentRow(row)
    return kind === 'create' ? absent : { isMember: true }
  }

  async #send(
    operations: readonly Operation[],
    signal: AbortSignal,
  ): Promise<OrganizationMembership> {
    const [first] = operations as [Operation, ...Operation[]]
    const { userId } = first
    const { kind } = first.change
    const sentAt = tick()
    this.#log.send(operations, sentAt)
    for (const { id } of operations) this.#inFlight.add(id)
    try {
      const answer = await this.#request(userId, composeAll(operations) as Change, signal)
      this.#confirm(operations, answer, kind)
      return answer
    } catch (error) {
      return this.#fail(operations, kind, error)
    } finally {
      for (const { id } of operations) {
        this.#inFlight.delete(id)
        this.#abandoned.delete(id)
      }
      this.#ended()
    }
  }

  #request(userId: string, change: Change, signal: AbortSignal): Promise<OrganizationMembership> {
    const member = { organizationId: this.id, userId }
    const options = { signal }
    switch (change.kind) {
      case 'create': {
        const { role, publicMetadata } = change
        const metadata = publicMetadata && { publicMetadata }
        return this.#api.create({ ...member, role, ...metadata }, options)
      }
      case 'update':
        return this.#api.update({ ...member, role: change.role }, options)
      case 'updateMetadata':
        return this.#api.updateMetadata(
          { ...member, publicMetadata: change.publicMetadata },
          options,
        )
      case 'delete':
        return this.#api.delete(member, options)
    }
  }

  #confirm(
    operations: readonly Operation[],
    answer: OrganizationMembership,
    kind: Change['kind'],
  ): void {
    const at = tick()
    const [{ userId }] = operations as [Operation]
    if (kind === 'delete') {
      this.directory.forget(userId)
      this.#log.confirm(operations, { at, after: absent, before: presentRow(answer) })
    } else {
      const row = this.directory.learn(answer, { start: at, end: at })
      this.#log.confirm(operations, { at, after: presentRow(row) })
    }
    if (kind === 'delete' || kind === 'create') this.#hasMovedRows = true
    this.#notify()
  }

  /** Resolves where the failure is what was wanted: a member to be removed who was gone already. */
  #fail(
    operations: readonly Operation[],
    kind: Change['kind'],
    error: unknown,
  ): OrganizationMembership {
    const [{ userId }] = operations as [Operation]
    const meaning = meaningOf(error, kind)
    if (meaning !== 'refused') this.#mustRevalidate = true
    if (operations.length > 1 && isAboutContent(error)) {
      this.#log.send(operations, undefined)
      this.#log.remove(operations.filter(({ id }) => this.#abandoned.has(id)))
      throw error
    }
    const known = this.directory.find(userId)?.row
    if (meaning === 'gone') {
      this.directory.forget(userId)
      this.#log.confirm(operations, { at: tick(), after: absent })
      this.#hasMovedRows = true
    } else this.#log.remove(operations)
    this.#notify()
    if (meaning === 'gone' && kind === 'delete' && known) return known
    throw error
  }

  // ---- after writes

  #ended(): void {
    this.#notify()
    if (this.#log.pendingCount() > 0) return
    const modes = this.#modes
    const mustRevalidate = this.#mustRevalidate
    const hasMovedRows = this.#hasMovedRows
    this.#modes = []
    this.#mustRevalidate = false
    this.#hasMovedRows = false
    if (modes.length === 0 && !mustRevalidate) return
    const asked = new Set<string>()
    for (const list of this.#lists) {
      if (asked.has(list.id)) continue
      const isDue =
        mustRevalidate || modes.some((mode) => this.#needs(list, mode ?? list.mode, hasMovedRows))
      if (!isDue) continue
      asked.add(list.id)
      list.revalidate()
    }
    this.#pruneSoon()
  }

  #needs(list: MountedList, mode: RevalidateMode, hasMovedRows: boolean): boolean {
    if (mode === true) return true
    if (mode === 'auto' && list.isInfinite && hasMovedRows) return true
    const certainties = list
      .pages()
      .map(({ page, context }) => this.project(page, context).certainty)
    return mode === 'auto'
      ? certainties.some((certainty) => certainty !== 'exact')
      : certainties.includes('guessed')
  }

  /** After SWR has put what was fetched into its cache. */
  #pruneSoon(): void {
    if (this.#log.size > 0) setTimeout(() => this.prune(), 0)
  }

  prune(): void {
    if (this.#log.size === 0) return
    const cached = [...this.#cachedPages(this.id)].map(
      (page) => stamps.get(page) ?? beforeEverything,
    )
    const open = [...this.#requestStarts].map((start) => ({ start, end: infinity }))
    for (const [userId, { operations }] of this.#log.chains) {
      const last = operations.at(-1)?.confirmation?.after
      if (last?.isMember === false) this.directory.forget(userId)
    }
    this.#log.prune([...cached, ...open])
  }

  reset(reason: unknown): void {
    this.#queue.clear(reason)
    this.#log.clear()
    this.directory.clear()
    this.#errors.clear()
    this.#modes = []
    this.#mustRevalidate = false
    this.#hasMovedRows = false
    this.#notify()
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

/** The one change that several are together, if they are one: only metadata patches can be. */
function composeAll(operations: readonly Operation[]): Change | undefined {
  const [first, ...others] = operations as [Operation, ...Operation[]]
  let composed: Change | undefined = first.change
  for (const { change } of others) {
    if (composed.kind !== 'updateMetadata' || change.kind !== 'updateMetadata') return undefined
    const publicMetadata: MetadataPatch<PublicMetadata> | undefined = composePatches(
      composed.publicMetadata,
      change.publicMetadata,
    )
    if (!publicMetadata) return undefined
    composed = { kind: 'updateMetadata', publicMetadata }
  }
  return composed
}

/** Refused for what the request says, so one bad patch among several may be the only one at fault. */
function isAboutContent(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && Reflect.get(error, 'status')
  return status === 400 || status === 422
}

function refusal(
  { change, userId }: Operation,
  error: unknown,
  next: Operation,
): Error | undefined {
  if (next.change.kind === 'create') return undefined
  if (change.kind === 'create' && error !== undefined) {
    const message = `The ${next.change.kind} of ${userId} was not sent, because adding the member had failed.`
    return new WriteNotSentError(message, { cause: error })
  }
  if (change.kind === 'delete' && error === undefined) {
    return new WriteNotSentError(
      `The ${next.change.kind} of ${userId} was not sent, because the member had been removed.`,
    )
  }
  return undefined
}

function isSamePage(left: OrganizationMembershipPage, right: OrganizationMembershipPage): boolean {
  return left.totalCount === right.totalCount && hasSameItems(left.data, right.data)
}

export function hasSameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => Object.is(item, right[index]))
}

function keepIdentity(last: Projection, next: Projection): Projection {
  const page = isSamePage(last.page, next.page) ? last.page : next.page
  if (page !== last.page) return next
  return last.certainty === next.certainty && last.isOptimistic === next.isOptimistic
    ? last
    : { ...next, page }
}

/** How a page of this key is shown. */
export function contextOf([, , list, query]: PageKey): ListContext {
  return { query, overflow: list === 'page' ? 'drop' : 'keep' }
}
