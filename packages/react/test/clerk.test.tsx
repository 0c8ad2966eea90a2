// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { type ReactNode, useLayoutEffect, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test, vi } from 'vitest'
import { ClerkOrganizationMembershipsProvider } from '../src/clerk.js'
import { useOrganizationMembership, useOrganizationMemberships } from '../src/index.js'
import { startOrganization } from './support/organization.js'
import { rolesOf } from './support/show.js'

interface Auth {
  readonly userId: string | null | undefined
  readonly getToken: () => Promise<string | null>
}

const clerk = vi.hoisted(() => ({
  auth: undefined as Auth | undefined,
  listeners: new Set<() => void>(),
}))

vi.mock('@clerk/react', () => ({
  useAuth: () =>
    useSyncExternalStore(
      (listener) => {
        clerk.listeners.add(listener)
        return () => clerk.listeners.delete(listener)
      },
      () => clerk.auth,
    ),
}))

function setAuth(userId: Auth['userId'], token: string | null): void {
  clerk.auth = { userId, getToken: () => Promise.resolve(token) }
  for (const listener of clerk.listeners) listener()
}

test('requests carry the token of the session, and another user is shown nothing of the one before', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { emulator } = organization
  const frames: string[] = []
  function Members(): ReactNode {
    const list = useOrganizationMemberships('org_1')
    const member = useOrganizationMembership('org_1', 'user_1')
    const text = `${rolesOf(list)} | ${member.data?.role} | ${list.error?.name}`
    useLayoutEffect(() => {
      if (frames.at(-1) !== text) frames.push(text)
    })
    return text
  }
  setAuth(undefined, null)
  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  root.render(
    <ClerkOrganizationMembershipsProvider baseURL={emulator.url}>
      {null}
    </ClerkOrganizationMembershipsProvider>,
  )
  await waitFor(() => expect(clerk.listeners.size).toBe(1))
  setAuth('user_1', emulator.secretKey)
  root.render(
    <ClerkOrganizationMembershipsProvider baseURL={emulator.url}>
      <Members />
    </ClerkOrganizationMembershipsProvider>,
  )
  const rows = '2: user_2=member user_1=admin | org:admin | undefined'
  await waitFor(() => expect(frames.at(-1)).toBe(rows))

  const before = frames.length
  setAuth('user_9', 'rejected')
  await waitFor(() => expect(frames.at(-1)).toBe('unknown | undefined | AuthenticationError'))
  expect(frames.slice(before).filter((frame) => frame.includes('user_1'))).toEqual([])

  setAuth(null, null)
  await waitFor(() => expect(container.textContent).toContain('unknown'))
  setAuth('user_1', emulator.secretKey)
  await waitFor(() => expect(frames.at(-1)).toBe(rows))
  root.unmount()
  container.remove()
})
