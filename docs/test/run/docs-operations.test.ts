import { OrganizationMembershipsModule } from '@org-memberships/nestjs'
import type { Type } from '@nestjs/common'
import { createTestingModule } from '@org-memberships/nestjs/testing'
import type { OrganizationMembership } from '@org-memberships/core'
import { expect, it } from 'vitest'
import { Page } from './page.js'
import { runCommand } from './shell.js'
import { seed, standInForClerk } from './stand-in.js'

const page = await Page.open('docs/operations.md')
const here = standInForClerk()

const lastRequest = () => {
  const { method, status, body } = here.emulator.requests.at(-1) ?? {}
  return { method, status, body }
}

it('core: create, list, update, update metadata, delete', async () => {
  await page.import('### Create: core')
  expect(here.printed.at(-1)).toMatch(/^orgmem_\w+ org:member$/)
  expect(lastRequest().body).toMatchObject({ public_metadata: { title: 'Engineer' } })
  await page.import('### List: core')
  expect(here.printed.at(-1)).toBe('2 bob@example.com')
  await page.import('### Update: core')
  expect(here.printed.at(-1)).toBe('org:admin')
  await page.import('### Update metadata: core')
  expect(here.printed.at(-1)).toBe('{"title":"Engineer"}')
  await page.import('### Delete: core')
  expect(here.printed.at(-1)).toBe('removed ada@example.com')
})

it('NestJS: create, list, update, update metadata, delete', async () => {
  interface Samples {
    AddMember: Type<{
      run(organizationId: string, userId: string): Promise<OrganizationMembership>
    }>
    ListMembers: Type<{
      page(organizationId: string, page: number): Promise<{ totalCount: number }>
    }>
    ChangeRole: Type<{
      run(organizationId: string, userId: string, role: string): Promise<OrganizationMembership>
    }>
    SetTitle: Type<{
      run(organizationId: string, userId: string, title: string): Promise<OrganizationMembership>
    }>
    RemoveMember: Type<{
      run(organizationId: string, userId: string): Promise<OrganizationMembership>
    }>
  }
  const headings = ['Create', 'List', 'Update', 'Update metadata', 'Delete']
  const modules = await Promise.all(
    headings.map((heading) => page.import<Partial<Samples>>(`### ${heading}: NestJS`)),
  )
  const samples = Object.assign({}, ...modules) as Samples
  const module = await createTestingModule(
    {
      imports: [OrganizationMembershipsModule.forRoot({ isGlobal: true })],
      providers: Object.values(samples),
    },
    { seed },
  ).compile()

  const bob = ['org_acme', 'user_bob'] as const
  const added = await module.get(samples.AddMember).run(...bob)
  expect(added.role).toBe('org:member')
  expect((await module.get(samples.ListMembers).page('org_acme', 0)).totalCount).toBe(2)
  expect((await module.get(samples.ChangeRole).run(...bob, 'org:admin')).role).toBe('org:admin')
  const titled = await module.get(samples.SetTitle).run(...bob, 'Engineer')
  expect(titled.publicMetadata).toEqual({ title: 'Engineer' })
  expect((await module.get(samples.RemoveMember).run(...bob)).publicUserData?.userId).toBe(
    'user_bob',
  )
  await module.close()
})

it('curl: create, list, update, update metadata, delete', async () => {
  const curl = async (heading: string) => {
    const { code } = page.sample(`### ${heading}: curl`)
    const { folder } = page
    const address = code.replace('http://127.0.0.1:9899', here.emulator.origin)
    const { output } = await runCommand({ code: address.replace('curl', 'curl --silent'), folder })
    return JSON.parse(output) as unknown
  }
  expect(await curl('Create')).toMatchObject({ role: 'org:member' })
  expect(await curl('List')).toMatchObject({ total_count: 1 })
  expect(await curl('Update')).toMatchObject({ role: 'org:admin' })
  expect(await curl('Update metadata')).toMatchObject({ public_metadata: { title: 'Engineer' } })
  expect(await curl('Delete')).toMatchObject({ public_user_data: { user_id: 'user_ada' } })
})

page.itLeavesNothingOut()
