import type { MetadataPatch, OrganizationMembership, PublicMetadata } from '@org-memberships/core'
import { ComposedPatch } from '../members/patch.js'
import type { Change } from '../members/presence.js'
import { type MemberTable, type Pending, tick } from '../members/table.js'
import { isAboutContent, meaningOf, reasonNotToSend } from './rules.js'
import type { RequestSlots } from './slots.js'

type Membership = OrganizationMembership

/** One write as it was asked for, which settles with its own outcome. */
interface Trigger {
  readonly change: Change
  readonly resolve: (membership: Membership) => void
  readonly reject: (error: unknown) => void
  /** Rejected by its own signal, though its request may go on for others. */
  isAborted: boolean
}

/** One request, waiting or under way: the writes that leave together. */
class WriteRequest implements Pending {
  readonly isOptimistic: boolean
  /** Sent alone, whatever it could join. */
  readonly isAlone: boolean
  readonly triggers: Trigger[]
  readonly controller = new AbortController()
  sentAt: number | undefined
  #patch: ComposedPatch<MetadataPatch<PublicMetadata>> | undefined

  constructor(trigger: Trigger, isOptimistic: boolean, isAlone = false) {
    this.triggers = [trigger]
    this.isOptimistic = isOptimistic
    this.isAlone = isAlone
  }

  get change(): Change {
    const [first] = this.triggers as [Trigger]
    if (!this.#patch) return first.change
    return { kind: 'updateMetadata', publicMetadata: this.#patch.value }
  }

  /** Patches that wait become one as they come, where one can say the same. @returns whether it has joined */
  join(trigger: Trigger, isOptimistic: boolean): boolean {
    const { change } = this
    const next = trigger.change
    if (this.isAlone || this.sentAt || isOptimistic !== this.isOptimistic) return false
    if (change.kind !== 'updateMetadata' || next.kind !== 'updateMetadata') return false
    this.#patch ??= new ComposedPatch(change.publicMetadata)
    if (!this.#patch.add(next.publicMetadata)) return false
    this.triggers.push(trigger)
    return true
  }

  /** Without one of its writes; there must be others. */
  drop(trigger: Trigger): void {
    this.triggers.splice(this.triggers.indexOf(trigger), 1)
    const [first, ...others] = this.triggers as [Trigger, ...Trigger[]]
    this.#patch = undefined
    this.triggers.splice(1)
    if (first.change.kind === 'updateMetadata')
      for (const other of others) this.join(other, this.isOptimistic)
  }
}

/** The writes to one member, in order. */
interface Lane {
  readonly userId: string
  /** It has a request open, or waits for a slot. */
  isBusy: boolean
  readonly waiting: WriteRequest[]
  open: WriteRequest | undefined
}

/** How a request has ended, for those who show members. */
export interface Ended {
  readonly isConfirmed?: boolean
  /** It may have acted though it failed, or has acted for who is forgotten: only a refetch can say what is true. */
  readonly isUnknown?: boolean
  /** Somebody came or went, so the offsets of all that follows have shifted. */
  readonly hasMoved?: boolean
}

export interface Failure {
  readonly error: Error
  readonly kind: Change['kind']
}

export interface QueueOptions {
  readonly table: MemberTable
  readonly slots: RequestSlots
  send(userId: string, change: Change, signal: AbortSignal): Promise<Membership>
  ended(how: Ended): void
}

/**
 * Sends the writes of one organization: those to one member one at a time in the order they were asked for, those to
 * different members side by side, over all as many as there are slots. Every write settles with its own outcome.
 */
export class WriteQueue {
  readonly #lanes = new Map<string, Lane>()
  /** The last failure of each user, until the next write to them. */
  readonly #failures = new Map<string, Failure>()
  readonly #options: QueueOptions

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** @param signal takes the write out of the queue; once it is in flight, aborts the request and rejects */
  add(
    userId: string,
    change: Change,
    isOptimistic: boolean,
    signal?: AbortSignal,
  ): Promise<Membership> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error)
        return
      }
      this.#failures.delete(userId)
      const lane = this.#lanes.get(userId) ?? {
        userId,
        isBusy: false,
        waiting: [],
        open: undefined,
      }
      this.#lanes.set(userId, lane)
      const onAbort = () => this.#abort(lane, trigger, signal?.reason)
      const settle =
        <Value>(how: (value: Value) => void) =>
        (value: Value) => {
          signal?.removeEventListener('abort', onAbort)
          how(value)
        }
      const trigger: Trigger = {
        change,
        resolve: settle(resolve),
        reject: settle(reject),
        isAborted: false,
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      const last = lane.waiting.at(-1)
      const { table } = this.#options
      if (last && table.has(userId, last) && last.join(trigger, isOptimistic)) {
        table.replace(userId, last, [last])
      } else {
        const request = new WriteRequest(trigger, isOptimistic)
        lane.waiting.push(request)
        table.add(userId, request)
      }
      if (!lane.isBusy) this.#start(lane)
    })
  }

  pendingCount(userId: string): number {
    const lane = this.#lanes.get(userId)
    const requests = [...(lane?.open ? [lane.open] : []), ...(lane?.waiting ?? [])]
    return requests.reduce((sum, { triggers }) => sum + triggers.length, 0)
  }

  failureOf(userId: string): Failure | undefined {
    return this.#failures.get(userId)
  }

  /** What is known is gone: writes go on and settle, but leave nothing. */
  forget(): void {
    this.#failures.clear()
  }

  /** Rejects what waits and aborts what is in flight. */
  clear(reason: unknown): void {
    for (const lane of this.#lanes.values()) {
      const requests = lane.waiting.splice(0)
      if (lane.open) requests.push(lane.open)
      for (const { triggers, controller } of requests) {
        for (const trigger of triggers) {
          trigger.isAborted = true
          trigger.reject(reason)
        }
        controller.abort(reason)
      }
    }
    this.#lanes.clear()
  }

  #start(lane: Lane): void {
    lane.isBusy = true
    this.#options.slots.take(() => void this.#run(lane))
  }

  /** Sends one request, then stands in line again behind the other members. */
  async #run(lane: Lane): Promise<void> {
    lane.open = lane.waiting.shift()
    if (lane.open) await this.#send(lane, lane.open)
    this.#options.slots.release()
    if (lane.waiting.length > 0) this.#start(lane)
    else {
      lane.isBusy = false
      if (this.#lanes.get(lane.userId) === lane) this.#lanes.delete(lane.userId)
    }
  }

  async #send(lane: Lane, request: WriteRequest): Promise<void> {
    const { table, send } = this.#options
    const { userId } = lane
    const { change, controller, triggers } = request
    const { signal } = controller
    const { kind } = change
    request.sentAt = tick()
    table.replace(userId, request, [request])
    const end = (how: Ended, error?: unknown) => {
      lane.open = undefined
      this.#refuseWaiting(lane, kind, error)
      this.#options.ended(how)
    }
    try {
      const answer = await send(userId, change, signal)
      const isKnown = table.has(userId, request)
      table.confirm(userId, request, answer)
      // Otherwise it acted for somebody whose rows are gone from the screen: only the server knows what may be shown now.
      const hasMoved = kind === 'create' || kind === 'delete'
      end(isKnown ? { isConfirmed: true, hasMoved } : { isUnknown: !signal.aborted })
      for (const { resolve } of triggers) resolve(answer)
    } catch (error) {
      if (triggers.length > 1 && isAboutContent(error)) {
        const parts = triggers
          .filter(({ isAborted }) => !isAborted)
          .map((trigger) => new WriteRequest(trigger, request.isOptimistic, true))
        lane.open = undefined
        lane.waiting.unshift(...parts)
        table.replace(userId, request, parts)
        this.#options.ended({})
        return
      }
      const isKnown = table.has(userId, request)
      const meaning = meaningOf(error, kind)
      const row = table.rowOf(userId)
      if (meaning === 'gone') table.confirm(userId, request, undefined)
      else table.replace(userId, request)
      const how = { isUnknown: isKnown ? meaning !== 'refused' : !signal.aborted }
      if (isKnown && meaning === 'gone' && kind === 'delete' && row) {
        end(how)
        for (const { resolve } of triggers) resolve(row)
        return
      }
      end(how, error)
      for (const trigger of triggers) this.#fail(userId, trigger, error, isKnown)
    }
  }

  #fail(userId: string, trigger: Trigger, error: unknown, isKnown: boolean): void {
    if (isKnown && !trigger.isAborted) {
      this.#failures.set(userId, { error: error as Error, kind: trigger.change.kind })
    }
    trigger.reject(error)
  }

  #refuseWaiting({ userId, waiting }: Lane, kind: Change['kind'], error: unknown): void {
    // From the front, up to the first that may go: what waits behind that one waits for its outcome.
    for (let next = waiting[0]; next; next = waiting[0]) {
      const reason = reasonNotToSend(userId, next.change.kind, kind, error)
      if (!reason) return
      waiting.shift()
      const isKnown = this.#options.table.has(userId, next)
      this.#options.table.replace(userId, next)
      for (const trigger of next.triggers) this.#fail(userId, trigger, reason, isKnown)
    }
  }

  #abort(lane: Lane, trigger: Trigger, reason: unknown): void {
    trigger.isAborted = true
    trigger.reject(reason)
    const { table } = this.#options
    const request = lane.waiting.find(({ triggers }) => triggers.includes(trigger))
    if (!request) {
      // A request that carries other writes too goes on for them.
      const { open } = lane
      if (open?.triggers.every(({ isAborted }) => isAborted)) open.controller.abort(reason)
      return
    }
    if (request.triggers.length > 1) {
      request.drop(trigger)
      table.replace(lane.userId, request, [request])
    } else {
      lane.waiting.splice(lane.waiting.indexOf(request), 1)
      table.replace(lane.userId, request)
    }
    this.#options.ended({})
  }
}
