import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react'
import type { OrganizationMembershipsSeed } from './pages/seed.js'
import { MembershipsStore, type OrganizationMembershipsStore, storeFor } from './store.js'
import type { OrganizationMembershipsAPI } from './types.js'

const StoreContext = createContext<MembershipsStore | null>(null)

export interface OrganizationMembershipsProviderProps {
  /** The client that every hook below uses. Make it once, outside of components. */
  client?: OrganizationMembershipsAPI | undefined
  /** In place of `client`: a store of your own, from `createOrganizationMembershipsStore`. */
  store?: OrganizationMembershipsStore | undefined
  /**
   * Pages read on the server, from `organizationMembershipsSeed`. A new object after the first, as a server component
   * gives when it is rendered again, has the lists on the screen fetch again where it tells otherwise than they do.
   */
  seed?: OrganizationMembershipsSeed | undefined
  children?: ReactNode
}

/**
 * Gives the hooks below their client. It makes no SWR cache: the hooks use the one that is in effect where they are.
 *
 * @throws TypeError unless it is given a client or a store
 */
export function OrganizationMembershipsProvider({
  client,
  store,
  seed,
  children,
}: OrganizationMembershipsProviderProps): ReactNode {
  const current = useMemo(() => {
    if (store instanceof MembershipsStore) return store.forRender()
    if (client) return storeFor(client).forRender()
    throw new TypeError(
      '<OrganizationMembershipsProvider> needs a client (new OrganizationMembershipsClient({ … })) ' +
        'or a store (createOrganizationMembershipsStore(client)).',
    )
  }, [client, store])
  if (seed) current.addSeed(seed)
  const followed = useRef(seed)
  useEffect(() => {
    if (followed.current === seed) return
    followed.current = seed
    if (seed) current.followSeed(seed)
  }, [current, seed])
  return <StoreContext.Provider value={current}>{children}</StoreContext.Provider>
}

/** @throws Error outside of a provider; `hook` is named in the message */
export function useStore(hook: string): MembershipsStore {
  const store = useContext(StoreContext)
  if (store) return store
  throw new Error(
    `${hook} needs <OrganizationMembershipsProvider client={client}> around the component that calls it.`,
  )
}
