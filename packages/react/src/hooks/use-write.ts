import type { OrganizationMembership } from '@org-memberships/core'
import { useCallback, useRef, useState } from 'react'
import type { Directory } from '../directory.js'
import type { Change } from '../overlay/change.js'
import { useStore } from '../provider.js'
import type { RevalidateMode } from '../types.js'
import { useIsomorphicLayoutEffect, useTrackedView } from './use-tracked-view.js'

export interface WriteOptions<Argument> {
  /** Show the write before the server answers. @default true */
  optimistic?: boolean
  /** What the lists do once the organization's last pending write has ended. @default what each list says */
  revalidate?: RevalidateMode
  onSuccess?: (membership: OrganizationMembership, argument: Argument) => void
  /** Called for every write that fails, with its own error. */
  onError?: (error: Error, argument: Argument) => void
  /** Whether `trigger` rejects; otherwise it resolves with `undefined` and the error is in `error`. @default true */
  throwOnError?: boolean
}

export interface TriggerOptions<Argument> extends WriteOptions<Argument> {
  /** Takes a queued write back without a request; aborts one that is in flight, whose outcome is then looked up. */
  signal?: AbortSignal
}

export interface Trigger<Argument> {
  (
    argument: Argument,
    options: TriggerOptions<Argument> & { throwOnError: false },
  ): Promise<OrganizationMembership | undefined>
  (argument: Argument, options?: TriggerOptions<Argument>): Promise<OrganizationMembership>
}

export interface WriteResponse<Argument> {
  /**
   * Writes. Shown at once, sent after earlier writes to the same member, and settled with what became of it.
   * Keeps its identity.
   */
  readonly trigger: Trigger<Argument>
  /** What the server last answered to this hook. The optimistic value is in the lists, not here. */
  readonly data: OrganizationMembership | undefined
  /** The last failure since this hook was last idle; a success beside it does not hide it. */
  readonly error: Error | undefined
  /** True until the last of the hook's writes has ended. */
  readonly isMutating: boolean
  /** Clears `data` and `error`. Keeps its identity. */
  readonly reset: () => void
}

type WriteState = Pick<WriteResponse<unknown>, 'data' | 'error' | 'isMutating'>

/** The part that the four write hooks share; they differ in what an argument asks for. */
export function useWrite<Argument extends { userId: string }>(
  name: string,
  organizationId: string | null | undefined,
  options: WriteOptions<Argument>,
  toChange: (argument: Argument, directory: Directory) => Change,
): WriteResponse<Argument> {
  const store = useStore(name)
  const [writes] = useState(() => new WriteHistory())
  const field = useTrackedView<WriteState>(writes.subscribe, () => writes.state)
  const target = { store, organizationId, options, toChange }
  const latest = useRef(target)
  useIsomorphicLayoutEffect(() => {
    latest.current = target
  })

  const trigger = useCallback(
    async (argument: Argument, perCall: TriggerOptions<Argument> = {}) => {
      const current = latest.current
      const {
        optimistic = true,
        revalidate,
        signal,
        throwOnError = true,
        ...callbacks
      } = {
        ...current.options,
        ...perCall,
      }
      const { generation } = current.store
      const isOutdated = () => current.store.generation !== generation
      writes.start()
      let membership: OrganizationMembership
      try {
        if (typeof current.organizationId !== 'string') throw noOrganization(name)
        const organization = current.store.organization(current.organizationId)
        const { userId } = argument
        const change = current.toChange(argument, organization.directory)
        membership = await organization.write({
          userId,
          change,
          optimistic,
          revalidate,
          signal,
        })
      } catch (error) {
        writes.fail(isOutdated() ? undefined : (error as Error))
        callbacks.onError?.(error as Error, argument)
        if (throwOnError) throw error
        return undefined
      }
      writes.succeed(isOutdated() ? undefined : membership)
      callbacks.onSuccess?.(membership, argument)
      return membership
    },
    [name, writes],
  ) as Trigger<Argument>

  return {
    trigger,
    reset: writes.reset,
    get data() {
      return field('data')
    },
    get error() {
      return field('error')
    },
    get isMutating() {
      return field('isMutating')
    },
  }
}

function noOrganization(hook: string): Error {
  return new TypeError(`${hook} has no organization yet, so there is nothing to write to.`)
}

/** What became of one hook's triggers. */
class WriteHistory {
  state: WriteState = { data: undefined, error: undefined, isMutating: false }
  #open = 0
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    if (this.#open === 0) this.#set({ error: undefined })
    this.#open += 1
    this.#set({ isMutating: true })
  }

  succeed(data: OrganizationMembership | undefined): void {
    this.#open -= 1
    this.#set({ data, isMutating: this.#open > 0 })
  }

  fail(error: Error | undefined): void {
    this.#open -= 1
    this.#set({ error, isMutating: this.#open > 0 })
  }

  readonly reset = (): void => this.#set({ data: undefined, error: undefined })

  #set(change: Partial<WriteState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
