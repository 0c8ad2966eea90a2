import { configure } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { flushSync } from 'react-dom'
import { SWRConfig, type SWRConfiguration, unload } from 'swr'
import { afterEach } from 'vitest'
import { OrganizationMembershipsProvider } from '../../src/index.js'
import type {
  OrganizationMembershipsAPI,
  OrganizationMembershipsSeed,
  OrganizationMembershipsStore,
} from '../../src/index.js'

// A busy machine may take its time; nothing here depends on how long something takes.
configure({ asyncUtilTimeout: 10_000 })

const unmounts = new Set<() => void>()

afterEach(() => {
  for (const unmount of unmounts) unmount()
  // The trees of a test share SWR's own cache, as those of an app do; tests do not.
  unload({ revalidate: false })
})

export interface FrameOptions {
  client: OrganizationMembershipsAPI
  /** In place of a store that is the client's. */
  store?: OrganizationMembershipsStore
  seed?: OrganizationMembershipsSeed
  /** Under StrictMode and a cache provider, where SWR itself lets an older answer win. */
  strict?: boolean
  swr?: SWRConfiguration
}

export interface Rendered {
  readonly container: HTMLElement
  rerender(): void
  unmount(): void
}

/** Renders under a provider, committed when it returns. Nothing is wrapped in `act`: React schedules as in an app. */
export function render(children: ReactNode, options: FrameOptions): Rendered {
  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  const rerender = () => flushSync(() => root.render(<Frame {...options}>{children}</Frame>))
  const unmount = () => {
    root.unmount()
    container.remove()
    unmounts.delete(unmount)
  }
  unmounts.add(unmount)
  rerender()
  return { container, rerender, unmount }
}

export function Frame({
  client,
  store,
  seed,
  strict = false,
  swr,
  children,
}: FrameOptions & { children: ReactNode }): ReactNode {
  const provider = strict ? { provider: createCache } : {}
  const tree = (
    <SWRConfig value={{ dedupingInterval: 0, ...provider, ...swr }}>
      <OrganizationMembershipsProvider {...(store ? { store } : { client })} seed={seed}>
        <Suspense fallback="suspended">{children}</Suspense>
      </OrganizationMembershipsProvider>
    </SWRConfig>
  )
  return strict ? <StrictMode>{tree}</StrictMode> : tree
}

function createCache(): Map<string, never> {
  return new Map<string, never>()
}
