import type { Organization, OrganizationMembershipPage } from '@org-memberships/core'
import { useCallback, useRef } from 'react'
import useSWR, { useSWRConfig } from 'swr'
import type { PageKey } from '../keys.js'
import type { Projection } from '../overlay/project.js'
import { contextOf } from '../page-projector.js'
import type { MembershipsStore } from '../store.js'
import { type ListOptions, useListSettings } from './options.js'
import { neverChanges, useMountedList } from './use-mounted-list.js'
import { useIsomorphicLayoutEffect } from './use-tracked-view.js'

/** What is shown of one key. */
export interface ShownPage {
  readonly projection: Projection
  /** What the server said. */
  readonly base: OrganizationMembershipPage
  readonly organization: Organization | undefined
  /** The key it was read for: with `keepPreviousData` that may be the one before. */
  readonly key: PageKey
}

/**
 * One page by its key: SWR fetches it, the organization's log is laid over it.
 *
 * @param assertPage throws where an answer is not what was asked for
 */
export function usePage(
  store: MembershipsStore,
  key: PageKey | null,
  options: ListOptions<OrganizationMembershipPage>,
  assertPage?: (page: OrganizationMembershipPage) => void,
) {
  const { cache } = useSWRConfig()
  const organization = key ? store.organization(key[1]) : undefined
  const settings = useListSettings(store, key, options, true)
  const swr = useSWR<OrganizationMembershipPage, Error>(
    key,
    async () => {
      const page = await store.fetchPage(key as PageKey, cache)
      assertPage?.(page)
      return page
    },
    settings.swr,
  )
  const { mutate } = swr
  const { current, status, projector } = useMountedList(store, key, swr, settings)
  const show = (): ShownPage | undefined => {
    const shown = current()
    if (!shown || !projector) return undefined
    return {
      key: shown.key,
      organization: organization?.directory.organization,
      base: shown.data,
      projection: projector.project(shown.data, contextOf(shown.key)),
    }
  }

  const latest = useRef({ key, organization })
  useIsomorphicLayoutEffect(() => {
    latest.current = { key, organization }
  })
  const revalidate = useCallback(async (): Promise<Projection | undefined> => {
    const page = await mutate()
    const asked = latest.current
    if (!page || !asked.key || !asked.organization) return undefined
    return asked.organization.projector.project(page, contextOf(asked.key))
  }, [mutate])
  return {
    subscribe: organization?.subscribe ?? neverChanges,
    organization,
    show,
    revalidate,
    status,
    isSuspending: settings.isSuspending,
  }
}
