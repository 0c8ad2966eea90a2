'use client'

import { useAuth } from '@clerk/react'
import { type ClientOptions, OrganizationMembershipsClient } from '@org-memberships/core'
import { type ReactNode, useInsertionEffect, useMemo, useRef, useState } from 'react'
import { useIsomorphicLayoutEffect } from './hooks/use-tracked-view.js'
import { OrganizationMembershipsProvider } from './provider.js'
import type { OrganizationMembershipsSeed } from './pages/seed.js'
import { createOrganizationMembershipsStore } from './store.js'

export interface ClerkOrganizationMembershipsProviderProps {
  /** Where your backend mounts the routes, such as `/api/v1`. */
  baseURL: string
  /** Further options of the client, as they are at the first render. @default { maxRetries: 0 } */
  clientOptions?: Omit<ClientOptions, 'baseURL' | 'getToken' | 'secretKey'> | undefined
  /** Pages read on the server, from `organizationMembershipsSeed`. */
  seed?: OrganizationMembershipsSeed | undefined
  children?: ReactNode
}

/**
 * `<OrganizationMembershipsProvider>` for an app with Clerk: requests carry the session token of `useAuth()`. At
 * sign-out, or when another user signs in, the store is reset and the children are mounted anew, so that nobody is
 * shown what the user before has read. Needs a `<ClerkProvider>` around it.
 */
export function ClerkOrganizationMembershipsProvider({
  baseURL,
  clientOptions,
  seed,
  children,
}: ClerkOrganizationMembershipsProviderProps): ReactNode {
  const { getToken, userId } = useAuth()
  const latestGetToken = useRef(getToken)
  // Before the layout effects of the children, which send requests.
  useInsertionEffect(() => {
    latestGetToken.current = getToken
  })
  const [firstOptions] = useState(clientOptions)
  const store = useMemo(() => {
    // oxlint-disable-next-line react/refs -- read when a request is sent, not while rendering
    const client = new OrganizationMembershipsClient({
      maxRetries: 0,
      ...firstOptions,
      baseURL,
      getToken: () => latestGetToken.current(),
    })
    return createOrganizationMembershipsStore(client)
  }, [baseURL, firstOptions])
  // Whose rows the store holds; `undefined` until Clerk has loaded.
  const [owner, setOwner] = useState(userId)
  useIsomorphicLayoutEffect(() => {
    if (userId === undefined || userId === owner) return
    if (owner !== undefined) store.reset()
    setOwner(userId)
  }, [owner, store, userId])

  // For the one commit in which the store is reset: what is mounted afterwards starts from nothing.
  const isChanging = owner !== undefined && userId !== undefined && userId !== owner
  return (
    <OrganizationMembershipsProvider store={store} seed={seed}>
      {isChanging ? null : children}
    </OrganizationMembershipsProvider>
  )
}
