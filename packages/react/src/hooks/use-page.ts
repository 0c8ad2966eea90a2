import type { OrganizationMembershipPage } from '@org-memberships/core'
import { useCallback, useRef } from 'react'
import useSWR, { useSWRConfig } from 'swr'
import type { Projection } from '../members/project.js'
import type { PageKey } from '../pages/keys.js'
import { bareProjection } from '../pages/projector.js'
import type { MembershipsStore } from '../store.js'
import { type ListOptions, useListSettings } from './options.js'
import { neverChanges, useMountedList } from './use-mounted-list.js'
import { useIsomorphicLayoutEffect } from './use-tracked-view.js'

/** What is shown of one key. */
export interface ShownPage {
  readonly projection: Projection
  /** What the server said. */
  readonly base: OrganizationMembershipPage
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
  const settings = useListSettings(store, key, options, true)
  const swr = useSWR<OrganizationMembershipPage, Error>(
    key,
    async (sentKey: unknown) => {
      const page = await store.fetchPage(key as PageKey, cache, { sentKey })
      assertPage?.(page)
      return page
    },
    settings.swr,
  )
  const { mutate } = swr
  const { current, status, organization, isBare } = useMountedList(store, key, swr, settings)
  const show = (): ShownPage | undefined => {
    const shown = current()
    if (!shown || !organization) return undefined
    const { key: shownKey, data } = shown
    const projection = isBare
      ? bareProjection(data)
      : organization.projector.project(data, shownKey)
    return { key: shownKey, base: data, projection }
  }

  const latest = useRef({ key, organization })
  useIsomorphicLayoutEffect(() => {
    latest.current = { key, organization }
  })
  const revalidate = useCallback(async (): Promise<Projection | undefined> => {
    const page = await mutate()
    const asked = latest.current
    if (!page || !asked.key || !asked.organization) return undefined
    return asked.organization.projector.project(page, asked.key)
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
