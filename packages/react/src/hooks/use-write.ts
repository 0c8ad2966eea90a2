import type { OrganizationMembership } from '@org-memberships/core'
import { useCallback, useRef, useState } from 'react'
import { Emitter } from '../emitter.js'
import type { Change } from '../members/presence.js'
import type { MemberTable } from '../members/table.js'
import { useStore } from '../provider.js'
import type { RevalidateMode } from '../types.js'
import { joinLazily, useIsomorphicLayoutEffect, useTrackedView } from './use-tracked-view.js'

export interface WriteOptions<Argument, Throws extends boolean = boolean> {
  /** Show the write before the server answers. @default true */
  optimistic?: boolean | undefined
  /** What the lists do once the organization's last pending write has ended. @default what each list says */
  revalidate?: RevalidateMode | undefined
  onSuccess?: ((membership: OrganizationMembership, argument: Argument) => void) | undefined
  /** Called for every write that fails, with its own error. */
  onError?: ((error: Error, argument: Argument) => void) | undefined
  /** Whether `trigger` rejects; otherwise it resolves with `undefined` and the error is in `error`. @default true */
  throwOnError?: Throws | undefined
}

export interface TriggerOptions<Argument, Throws extends boolean = boolean> extends WriteOptions<
  Argument,
  Throws
> {
  /** Takes a queued write back without a request; aborts one that is in flight, whose outcome is then looked up. */
  signal?: AbortSignal | undefined
}

/** What a `trigger` resolves with: where it does not throw, a failure leaves nothing. */
export type WriteResult<Throws extends boolean> = Throws extends true
  ? OrganizationMembership
  : OrganizationMembership | undefined

export interface Trigger<Argument, Throws extends boolean = true> {
  <ThisThrows extends boolean = Throws>(
    argument: Argument,
    options?: TriggerOptions<Argument, ThisThrows>,
  ): Promise<WriteResult<ThisThrows>>
}

export interface WriteResponse<Argument, Throws extends boolean = true> {
  /**
   * Writes. Shown at once, sent after earlier writes to the same member, and settled with what became of it.
   * Keeps its identity.
   */
  readonly trigger: Trigger<Argument, Throws>
  /** What the server last answered to this hook. The optimistic value is in the lists, not here. */
  readonly data: OrganizationMembership | undefined
  /** The last failure since this hook was last idle; a success beside it does not hide it. */
  readonly error: Error | undefined
  /** True until the last of the hook's writes has ended. */
  readonly isMutating: boolean
  /** Clears `data` and `error`, and keeps those of the writes under way from being told here. Keeps its identity. */
  readonly reset: () => void
}

type WriteState = Pick<WriteResponse<unknown>, 'data' | 'error' | 'isMutating'>
type Outcome = Partial<Pick<WriteState, 'data' | 'error'>>

/** The part that the four write hooks share; they differ in what an argument asks for. */
export function useWrite<Argument extends { userId: string }, Throws extends boolean>(
  name: string,
  organizationId: string | null | undefined,
  options: WriteOptions<Argument, Throws>,
  toChange: (argument: Argument, table: MemberTable) => Change,
): WriteResponse<Argument, Throws> {
  const store = useStore(name)
  const [writes] = useState(() => new WriteHistory())
  const view = useTrackedView(writes.subscribe, () => writes.state, writes.state)
  const target = { store, organizationId, options, toChange }
  const latest = useRef(target)
  useIsomorphicLayoutEffect(() => {
    latest.current = target
  })

  const trigger = useCallback(
    async (argument: Argument, perCall: TriggerOptions<Argument> = {}) => {
      const current: typeof target = latest.current
      const { generation } = current.store
      const ended = writes.start()
      // After a reset of the store nothing is told of what was before it.
      const end = (outcome: Outcome) =>
        ended(generation === current.store.generation ? outcome : nothing)
      let membership: OrganizationMembership
      try {
        if (!current.organizationId) throw noOrganization(name)
        const organization = current.store.organization(current.organizationId)
        membership = await organization.write({
          userId: argument.userId,
          change: current.toChange(argument, organization.table),
          optimistic: perCall.optimistic ?? current.options.optimistic ?? true,
          revalidate: perCall.revalidate ?? current.options.revalidate,
          signal: perCall.signal,
        })
      } catch (error) {
        end({ error: error as Error })
        const onError = perCall.onError ?? current.options.onError
        onError?.(error as Error, argument)
        if (perCall.throwOnError ?? current.options.throwOnError ?? true) throw error
        return undefined
      }
      end({ data: membership })
      const onSuccess = perCall.onSuccess ?? current.options.onSuccess
      onSuccess?.(membership, argument)
      return membership
    },
    [name, writes],
  ) as Trigger<Argument, Throws>

  // oxlint-disable-next-line react/refs -- the functions are handed on, and called after rendering
  return joinLazily(view, { trigger, reset: writes.reset })
}

function noOrganization(hook: string): Error {
  return new TypeError(`${hook} has no organization yet, so there is nothing to write to.`)
}

const nothing: Outcome = { data: undefined, error: undefined }

/** What became of one hook's triggers. */
class WriteHistory {
  state: WriteState = { data: undefined, error: undefined, isMutating: false }
  #open = 0
  #resets = 0
  readonly #emitter = new Emitter()
  readonly subscribe = this.#emitter.subscribe

  /** @returns to be called with what became of the write; what was asked for before a reset is not told after it */
  start(): (outcome: Outcome) => void {
    const resets = this.#resets
    const isFirst = this.#open === 0
    this.#open += 1
    this.#set({ ...(isFirst && { error: undefined }), isMutating: true })
    return (outcome) => {
      this.#open -= 1
      this.#set({ ...(resets === this.#resets && outcome), isMutating: this.#open > 0 })
    }
  }

  readonly reset = (): void => {
    this.#resets += 1
    this.#set(nothing)
  }

  #set(change: Partial<WriteState>): void {
    this.state = { ...this.state, ...change }
    this.#emitter.emit()
  }
}
