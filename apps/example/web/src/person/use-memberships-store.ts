import { notifications } from '@mantine/notifications'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  createOrganizationMembershipsStore,
  type OrganizationMembershipsStore,
} from '@org-memberships/react'
import { useEffect, useMemo, useRef } from 'react'
import type { GetToken } from '../app/session.js'

/** Where the Nest backend mounts the membership routes. */
const baseURL = '/api/v1'

/**
 * The store of one session. When another takes its place, or none does, it forgets what it held and what it still had
 * to send, and what the page had said in its corner goes too. Call it where it stays mounted from one session to the
 * next.
 */
export function useMembershipsStore(getToken: GetToken): OrganizationMembershipsStore
export function useMembershipsStore(getToken: GetToken | null): OrganizationMembershipsStore | null
export function useMembershipsStore(getToken: GetToken | null) {
  const store = useMemo(() => (getToken === null ? null : createStore(getToken)), [getToken])
  const held = useRef(store)
  useEffect(() => {
    if (held.current === store) return
    held.current?.reset()
    if (held.current !== null) notifications.clean()
    held.current = store
  }, [store])
  return store
}

function createStore(getToken: GetToken): OrganizationMembershipsStore {
  return createOrganizationMembershipsStore(
    // The backend tries again what is worth it. If both did, three attempts would be nine.
    new OrganizationMembershipsClient({ baseURL, getToken, maxRetries: 0 }),
  )
}
