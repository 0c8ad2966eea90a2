// @vitest-environment happy-dom
import type { ComponentType } from 'react'
import { expect, it } from 'vitest'
import { click, show, text } from './browser.js'
import { Page } from './page.js'
import { standInForBackend } from './stand-in.js'

const page = await Page.openInBrowser('docs/operations.md')
const here = standInForBackend()

const ada = { organizationId: 'org_acme', userId: 'user_ada' }
type OfMember = ComponentType<typeof ada>

const lastRequest = () => {
  const { method, status, body } = here.emulator.requests.at(-1) ?? {}
  return { method, status, body }
}

it('create', async () => {
  const { AddMember } = await page.import<{ AddMember: OfMember }>('### Create: React')
  show(AddMember, { ...ada, userId: 'user_bob' })
  await click('Add')
  await expect.poll(lastRequest).toMatchObject({ method: 'POST', status: 200 })
  await click('Add')
  await expect.poll(text).toBe('Not added. Again?')
})

it('list', async () => {
  const { ListMembers } = await page.import<{
    ListMembers: ComponentType<{ organizationId: string }>
  }>('### List: React')
  show(ListMembers, { organizationId: 'org_acme' })
  await expect.poll(text).toBe('Members: 1ada@example.com (org:admin)')
})

it('list, refused', async () => {
  const { ListMembers } = await page.import<{
    ListMembers: ComponentType<{ organizationId: string }>
  }>('### List: React')
  show(ListMembers, { organizationId: 'org_gone' })
  await expect.poll(text).toBe('The members cannot be read now.')
})

it('update', async () => {
  const { ChangeRole } = await page.import<{ ChangeRole: OfMember }>('### Update: React')
  show(ChangeRole, ada)
  here.emulator.failNext({ status: 403 })
  await click('Make admin')
  await expect.poll(text).toBe('Not saved. Again?')
  await click('Again')
  await expect.poll(lastRequest).toEqual({
    method: 'PATCH',
    status: 200,
    body: { role: 'org:admin' },
  })
})

it('update metadata', async () => {
  const { SetTitle } = await page.import<{ SetTitle: OfMember }>('### Update metadata: React')
  show(SetTitle, ada)
  await click('Engineer')
  await expect.poll(lastRequest).toEqual({
    method: 'PATCH',
    status: 200,
    body: { public_metadata: { title: 'Engineer' } },
  })
})

it('delete', async () => {
  const { RemoveMember } = await page.import<{ RemoveMember: OfMember }>('### Delete: React')
  show(RemoveMember, ada)
  await click('Remove')
  await expect.poll(lastRequest).toMatchObject({ method: 'DELETE', status: 200 })
  await click('Remove')
  await expect.poll(text).toBe('Not removed. Again?')
})

page.itLeavesNothingOut()
