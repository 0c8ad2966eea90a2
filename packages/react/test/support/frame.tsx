import { cleanup, render as renderTree, type RenderResult } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { SWRConfig, type SWRConfiguration } from 'swr'
import { afterEach } from 'vitest'
import { OrganizationMembershipsProvider } from '../../src/index.js'
import type { OrganizationMembershipsApi, OrganizationMembershipsStore } from '../../src/index.js'

afterEach(cleanup)

export interface FrameOptions {
  client: OrganizationMembershipsApi
  /** In place of a store that is the client's. */
  store?: OrganizationMembershipsStore
  strict?: boolean
  swr?: SWRConfiguration
}

/** Renders under a provider, with an SWR cache that belongs to the client. */
export function render(children: ReactNode, options: FrameOptions): RenderResult {
  return renderTree(<Frame {...options}>{children}</Frame>)
}

export function Frame({
  client,
  store,
  strict = false,
  swr,
  children,
}: FrameOptions & { children: ReactNode }): ReactNode {
  const cache = cacheOf(client)
  const tree = (
    <SWRConfig value={{ provider: () => cache, dedupingInterval: 0, ...swr }}>
      <OrganizationMembershipsProvider {...(store ? { store } : { client })}>
        {children}
      </OrganizationMembershipsProvider>
    </SWRConfig>
  )
  return strict ? <StrictMode>{tree}</StrictMode> : tree
}

const caches = new WeakMap<object, Map<string, never>>()

/** One cache per client, so that a second render of a test finds the first one's pages. */
export function cacheOf(owner: object): Map<string, never> {
  const cache = caches.get(owner) ?? new Map<string, never>()
  caches.set(owner, cache)
  return cache
}
