import type { OrganizationMembershipPage } from '@org-memberships/core'
import { Component, type ReactNode, StrictMode, Suspense, useLayoutEffect } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { type Cache, SWRConfig } from 'swr'
import { vi } from 'vitest'
import {
  createOrganizationMembershipsStore,
  OrganizationMembershipsProvider,
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '../../src/index.js'
import type { Organization } from '../../src/organization.js'
import { keyString, type PageKey } from '../../src/pages/keys.js'
import { cachedPage } from '../../src/pages/swr.js'
import type { MembershipsStore } from '../../src/store.js'
import type { OrganizationMembershipsAPI } from '../../src/types.js'
import type { Face, ScheduledWrite, View } from './face.js'
import type { Random } from './random.js'

interface Shown {
  readonly key: PageKey
  readonly suspends: boolean
  readonly times: number
  page: OrganizationMembershipPage | undefined
  isOptimistic: boolean
  mutate: () => Promise<unknown>
}

/** The hooks, rendered by React over a cache of SWR. Time is the test's: it needs `vi.useFakeTimers`. */
export class HooksFace implements Face {
  readonly organization: Organization
  isPaused = false
  readonly #id: string
  readonly #store: MembershipsStore
  readonly #cache: Cache = new Map()
  readonly #root: Root = createRoot(document.createElement('div'))
  readonly #shown = new Map<string, Shown>()
  readonly #isStrict: boolean
  #times = 0
  #seed: { [key: string]: OrganizationMembershipPage } | undefined
  #write: ((write: ScheduledWrite) => Promise<unknown>) | undefined

  constructor(api: OrganizationMembershipsAPI, random: Random, id: string) {
    this.#id = id
    this.#isStrict = random.chance(0.3)
    this.#store = createOrganizationMembershipsStore(api) as MembershipsStore
    this.organization = this.#store.organization(id)
    this.#render()
  }

  write(write: ScheduledWrite): Promise<unknown> {
    return this.#write ? this.#write(write) : Promise.reject(new Error('Not rendered yet.'))
  }

  seed(key: PageKey, page: OrganizationMembershipPage): void {
    this.#seed = { ...this.#seed, [keyString(key)]: page }
    this.#render()
  }

  preload([, organizationId, , query]: PageKey): void {
    void this.#store.preload(organizationId, query as never).catch(() => {})
  }

  show(key: PageKey, suspends: boolean): void {
    const id = keyString(key)
    const shown = this.#shown.get(id)
    // A list that is still suspended, or has failed, is asked for anew.
    if (shown?.page && shown.suspends === suspends) return
    this.#times += 1
    const mutate = () => Promise.resolve()
    const anew = {
      key,
      suspends,
      times: this.#times,
      page: undefined,
      isOptimistic: false,
      mutate,
    }
    this.#shown.set(id, anew)
    this.#render()
  }

  hide(key: PageKey): void {
    this.#shown.delete(keyString(key))
    this.#render()
  }

  isShown(key: PageKey): boolean {
    return this.#shown.has(keyString(key))
  }

  refetch(key: PageKey): void {
    void this.#shown
      .get(keyString(key))
      ?.mutate()
      .catch(() => {})
  }

  reset(): void {
    this.#store.reset()
  }

  views(): View[] {
    return [...this.#shown.values()].flatMap(({ key, page, isOptimistic }) => {
      const base = page && cachedPage(this.#cache, key)
      if (!page || !base) return []
      const { certainty } = this.organization.projector.project(base, key)
      return [{ key, base, page, certainty, isOptimistic }]
    })
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      await vi.advanceTimersByTimeAsync(1)
    }
  }

  close(): void {
    this.#root.unmount()
  }

  #render(): void {
    const lists = [...this.#shown.values()].map((shown) => {
      const list = <List shown={shown} />
      return (
        <ErrorBoundary key={`${keyString(shown.key)} ${shown.times}`}>
          {shown.suspends ? <Suspense>{list}</Suspense> : list}
        </ErrorBoundary>
      )
    })
    const setWrite = (write: (write: ScheduledWrite) => Promise<unknown>) => (this.#write = write)
    const tree = (
      <SWRConfig
        value={{
          provider: () => this.#cache,
          dedupingInterval: 0,
          shouldRetryOnError: false,
        }}
      >
        <OrganizationMembershipsProvider store={this.#store} seed={this.#seed}>
          <Writer id={this.#id} setWrite={setWrite} />
          {lists}
        </OrganizationMembershipsProvider>
      </SWRConfig>
    )
    this.#root.render(this.#isStrict ? <StrictMode>{tree}</StrictMode> : tree)
  }
}

function List({ shown }: { shown: Shown }): ReactNode {
  const [, organizationId, , query] = shown.key
  const { data, isOptimistic, mutate } = useOrganizationMemberships(
    organizationId,
    query as never,
    { suspense: shown.suspends },
  )
  useLayoutEffect(() => {
    Object.assign(shown, { page: data, isOptimistic, mutate })
    return () => {
      shown.page = undefined
    }
  })
  return null
}

interface WriterProps {
  readonly id: string
  readonly setWrite: (write: (write: ScheduledWrite) => Promise<unknown>) => void
}

function Writer({ id, setWrite }: WriterProps): ReactNode {
  const create = useCreateOrganizationMembership(id).trigger
  const update = useUpdateOrganizationMembership(id).trigger
  const updateMetadata = useUpdateOrganizationMembershipMetadata(id).trigger
  const remove = useDeleteOrganizationMembership(id).trigger
  setWrite(({ userId, change, ...options }) => {
    switch (change.kind) {
      case 'create':
        return create({ userId, role: change.role }, options)
      case 'update':
        return update({ userId, role: change.role }, options)
      case 'updateMetadata':
        return updateMetadata({ userId, publicMetadata: change.publicMetadata }, options)
      case 'delete':
        return remove({ userId }, options)
    }
  })
  return null
}

class ErrorBoundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false }

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children
  }
}
