import type { OrganizationMembershipPage } from '@org-memberships/core'
import type { Cache, ScopedMutator } from 'swr'
import { type PageKey, pageKeyAt } from '../pages/keys.js'
import type { MembershipsStore } from '../store.js'
import { cachedPage } from '../pages/swr.js'

export interface LoadAllOptions {
  /** Stops the loading; `loadAll` then rejects with the signal's reason, and what was loaded is kept. */
  signal?: AbortSignal | undefined
}

interface Surroundings {
  readonly store: MembershipsStore
  readonly cache: Cache
  readonly scopedMutate: ScopedMutator
}

/** Requests at a time. */
const concurrency = 4

/**
 * Fetches every page that SWR's cache lacks and puts it there, without telling the list: that is one render for all
 * pages, in place of one for each.
 *
 * @returns how many pages there are
 */
export async function loadAllPages(
  first: PageKey,
  { store, cache, scopedMutate }: Surroundings,
  { signal }: LoadAllOptions = {},
): Promise<number> {
  let known = cachedPage(cache, first) ?? (await load(0))
  async function load(index: number): Promise<OrganizationMembershipPage> {
    const key = pageKeyAt(first, index)
    const page = await store.fetchPage(key, cache, { signal })
    await scopedMutate(key, page, { revalidate: false })
    return page
  }
  for (;;) {
    signal?.throwIfAborted()
    const count = Math.max(1, Math.ceil(known.totalCount / first[3].limit))
    const missing = Array.from({ length: count }, (_, index) => index).filter(
      (index) => cachedPage(cache, pageKeyAt(first, index)) === undefined,
    )
    if (missing.length === 0) return count
    const worker = async () => {
      try {
        for (let index = missing.shift(); index !== undefined; index = missing.shift()) {
          known = await load(index)
        }
      } finally {
        // Where one fails, the others send no more.
        missing.length = 0
      }
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
  }
}
