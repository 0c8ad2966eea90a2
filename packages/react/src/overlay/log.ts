import { ComposedChange } from './composed-change.js'
import type { Confirmation, Operation } from './operation.js'
import { applyChange, type Presence } from './presence.js'
import type { Stamp } from './stamp.js'

/** The operations of one user in the order they were triggered, which is the order the server sees them in. */
export interface Chain {
  /** What was known of the user before the first operation. */
  readonly anchor: Presence
  readonly operations: readonly Operation[]
  /** How many of them wait for their answer. */
  readonly pendingCount: number
}

export type Chains = ReadonlyMap<string, Chain>

/**
 * The unconfirmed writes of one organization, and the confirmed ones that some cached page may not know yet.
 *
 * Nothing is ever rolled back: a failed write is an operation less, and what is shown is projected again from what is
 * left. Each change replaces the one chain concerned, so equal identity means nothing happened to it.
 */
export class OperationLog {
  readonly #chains = new Map<string, Chain>()
  #version: object = {}
  #pendingCount = 0
  #nextId = 1

  get chains(): Chains {
    return this.#chains
  }

  /** Another object after each change. */
  get version(): object {
    return this.#version
  }

  add(
    operation: Pick<Operation, 'userId' | 'change' | 'isOptimistic'>,
    anchor: () => Presence,
  ): Operation {
    const added = { ...operation, id: this.#nextId++ }
    const chain = this.#chains.get(added.userId) ?? emptyChain(anchor())
    // Appended in place, so that a thousand writes to one member do not copy a million operations. The chain is a new
    // object all the same.
    const operations = chain.operations as Operation[]
    operations.push(added)
    this.#chains.set(added.userId, { ...chain, operations, pendingCount: chain.pendingCount + 1 })
    this.#pendingCount += 1
    this.#version = {}
    return added
  }

  /** @param at when the request left; absent where the operations go back into the queue */
  send(operations: readonly Operation[], at: number | undefined): void {
    this.#replace(operations, (operation) => {
      const { sentAt: _, ...unsent } = operation
      return at === undefined ? unsent : { ...unsent, sentAt: at }
    })
  }

  /** Several operations that left as one request are one from here on. */
  confirm(operations: readonly Operation[], confirmation: Confirmation): void {
    const last = operations.at(-1)
    this.#replace(operations, (operation) =>
      operation.id === last?.id ? { ...operation, confirmation } : undefined,
    )
  }

  /** Takes operations out as if they had never been triggered. */
  remove(operations: readonly Operation[]): void {
    this.#replace(operations, () => undefined)
  }

  isConfirmed({ id, userId }: Operation): boolean {
    const operation = this.#chains.get(userId)?.operations.find((other) => other.id === id)
    return operation?.confirmation !== undefined
  }

  clear(): void {
    this.#chains.clear()
    this.#pendingCount = 0
    this.#version = {}
  }

  /** How many operations of a user still wait for their answer. */
  pendingCount(userId: string): number {
    return this.#chains.get(userId)?.pendingCount ?? 0
  }

  get hasPending(): boolean {
    return this.#pendingCount > 0
  }

  get size(): number {
    let count = 0
    for (const { operations } of this.#chains.values()) count += operations.length
    return count
  }

  /**
   * Forgets the operations that every page knows, and joins two confirmed neighbours that no page tells apart: the log
   * stays small though a page lies in the cache for hours.
   *
   * @param pages the stamps of every cached page and, with an open end, of every request in flight
   */
  prune(pages: readonly Stamp[]): void {
    for (const [userId, chain] of this.#chains) {
      let { anchor } = chain
      const kept: Operation[] = []
      for (const operation of chain.operations) {
        const { confirmation } = operation
        if (!confirmation) kept.push(operation)
        else if (pages.every(({ start }) => confirmation.at <= start)) anchor = confirmation.after
        else kept.push(operation)
      }
      const joined = joinNeighbours(kept, pages)
      if (joined.length !== chain.operations.length) {
        this.#put(userId, anchor, joined)
      }
    }
  }

  #replace(
    operations: readonly Operation[],
    change: (operation: Operation) => Operation | undefined,
  ): void {
    const ids = new Set(operations.map(({ id }) => id))
    for (const userId of new Set(operations.map((operation) => operation.userId))) {
      const chain = this.#chains.get(userId)
      if (!chain) continue
      const next = chain.operations.flatMap((operation) =>
        ids.has(operation.id) ? (change(operation) ?? []) : operation,
      )
      this.#put(userId, chain.anchor, next)
    }
  }

  #put(userId: string, anchor: Presence, operations: readonly Operation[]): void {
    const pendingCount = operations.filter(({ confirmation }) => !confirmation).length
    this.#pendingCount += pendingCount - this.pendingCount(userId)
    if (operations.length === 0) this.#chains.delete(userId)
    else this.#chains.set(userId, { anchor, operations, pendingCount })
    this.#version = {}
  }
}

function emptyChain(anchor: Presence): Chain {
  return { anchor, operations: [], pendingCount: 0 }
}

function joinNeighbours(
  operations: readonly Operation[],
  pages: readonly Stamp[],
): readonly Operation[] {
  const joined: Operation[] = []
  for (const operation of operations) {
    const previous = joined.at(-1)
    const { confirmation } = operation
    const isOne =
      previous?.confirmation !== undefined &&
      confirmation !== undefined &&
      // Every page is older than both or newer than both; one that overlaps either needs to see the step between.
      pages.every(({ start, end }) => end < (previous.sentAt ?? 0) || start >= confirmation.at)
    if (!isOne) {
      joined.push(operation)
      continue
    }
    const { before: _, ...rest } = confirmation
    const before = previous.confirmation?.before
    joined[joined.length - 1] = {
      ...operation,
      sentAt: previous.sentAt,
      confirmation: before ? { ...rest, before } : rest,
    } as Operation
  }
  return joined
}

/** Something of it is shown, or would be, that no server has confirmed. */
export function isUnconfirmed({ operations }: Chain): boolean {
  return operations.some(({ confirmation, isOptimistic }) => !confirmation && isOptimistic)
}

const statesOfChain = new WeakMap<Chain, readonly Presence[]>()

/** What the user was before each operation, in order, and last what is to be shown. */
export function statesOf(chain: Chain): readonly Presence[] {
  const known = statesOfChain.get(chain)
  if (known) return known
  const states: Presence[] = [chain.anchor]
  // Of patches that follow each other only the last state is shown; between them nothing but metadata differs.
  let patches: { readonly composed: ComposedChange; readonly before: Presence } | undefined
  const endPatches = () => {
    if (patches) states[states.length - 1] = applyChange(patches.composed.value, patches.before)
    patches = undefined
  }
  for (const { change, confirmation, isOptimistic } of chain.operations) {
    if (!confirmation && isOptimistic && patches?.composed.add(change)) {
      states.push(states.at(-1) as Presence)
      continue
    }
    endPatches()
    const before = states.at(-1) as Presence
    if (confirmation) {
      if (needsRole(before)) states[states.length - 1] = sharpen(before, change.kind, confirmation)
      states.push(confirmation.after)
    } else {
      states.push(isOptimistic ? applyChange(change, before) : before)
      if (isOptimistic && change.kind === 'updateMetadata') {
        patches = { composed: new ComposedChange(change), before }
      }
    }
  }
  endPatches()
  statesOfChain.set(chain, states)
  return states
}

function needsRole(state: Presence): boolean {
  return state.isMember && state.role === undefined
}

/** A delete answers with the row it removed, and a metadata patch leaves the role alone: both tell the role before. */
function sharpen(
  before: Presence,
  kind: Operation['change']['kind'],
  { before: told, after }: Confirmation,
): Presence {
  if (told) return told
  if (kind === 'updateMetadata' && after.isMember && after.role !== undefined) {
    return { isMember: true, role: after.role }
  }
  return before
}
