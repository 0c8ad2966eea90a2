// @vitest-environment happy-dom
import {
  type OrganizationMembershipsStore,
  useOrganizationMemberships,
} from '@org-memberships/react'
import { type ComponentType, createElement, type ReactNode } from 'react'
import { expect, it, vi } from 'vitest'
import { click, show, showAlone, text } from './browser.js'
import { Page } from './page.js'
import { standInForBackend } from './stand-in.js'

const page = await Page.open('packages/react/README.md')
const here = standInForBackend()

type InOrganization = ComponentType<{ organizationId: string }>

function Roles() {
  const { memberships } = useOrganizationMemberships('org_acme')
  return memberships?.map(({ role }) => role).join()
}

it('provides a client that asks for a token', async () => {
  const sessionToken = vi.fn<() => Promise<string>>(async () => 'token')
  vi.stubGlobal('sessionToken', sessionToken)
  const { Providers } = await page.import<{ Providers: ComponentType<{ children: ReactNode }> }>(
    '## Provider',
  )
  showAlone(createElement(Providers, null, createElement(Roles)))
  await expect.poll(text).toBe('org:admin')
  expect(sessionToken).toHaveBeenCalledOnce()
})

it('reads', async () => {
  const { Admins } = await page.import<{ Admins: InOrganization }>('## Read')
  show(Admins, { organizationId: 'org_acme' })
  await expect.poll(text).toBe('1 adminsada@example.com')
})

it('writes', async () => {
  const { RowActions } = await page.import<{
    RowActions: ComponentType<{ organizationId: string; userId: string }>
  }>('## Write')
  show(RowActions, { organizationId: 'org_acme', userId: 'user_ada' })
  await click('Promote')
  await expect.poll(() => here.printed).toEqual(['org:admin'])
  const complain = vi.spyOn(console, 'error').mockReturnValue()
  here.emulator.failNext({ status: 403 })
  await click('Remove')
  await expect.poll(() => complain.mock.calls.length).toBe(1)
  await click('Remove')
  await expect.poll(() => here.emulator.requests.at(-1)?.status).toBe(200)
  expect(here.emulator.requests.map(({ method }) => method)).toEqual(['PATCH', 'DELETE', 'DELETE'])
})

it('lists without an end', async () => {
  const users = Array.from({ length: 120 }, (_, index) => ({ id: `user_${index}` }))
  const memberships = users.map(({ id }) => ({ user_id: id, role: 'org:member' }))
  await here.emulator.seed({ users, organizations: [{ id: 'org_acme', memberships }] })
  const report = vi.fn<(error: Error) => void>()
  vi.stubGlobal('report', report)
  const { Everybody } = await page.import<{ Everybody: InOrganization }>('## Infinite list')
  show(Everybody, { organizationId: 'org_acme' })
  const rows = () => document.querySelectorAll('p').length
  await expect.poll(rows).toBe(50)
  await click('More')
  await expect.poll(rows).toBe(100)
  await click('All')
  await expect.poll(rows).toBe(120)
  expect(report).not.toHaveBeenCalled()
})

it('preloads, and forgets at sign-out', async () => {
  const { store, onHover, onSignOut } = await page.import<{
    store: OrganizationMembershipsStore
    onHover: () => unknown
    onSignOut: () => unknown
  }>('## Preload, sign-out')
  await onHover()
  expect(here.emulator.requests.map(({ search }) => search.get('limit'))).toEqual(['20'])
  await onSignOut()
  await store.preload('org_1', { limit: 20 })
  expect(here.emulator.requests).toHaveLength(2)
})

page.notRun('## Install', 'npm install', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
