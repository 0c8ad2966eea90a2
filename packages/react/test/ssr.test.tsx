import { type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import {
  createOrganizationMembershipsStore,
  OrganizationMembershipsProvider,
  useInfiniteOrganizationMemberships,
  useOrganizationMemberships,
} from '../src/index.js'
import { organizationMembershipsSeed, type OrganizationMembershipsSeed } from '../src/pages/seed.js'
import { startOrganization } from './support/organization.js'
import { rolesOf } from './support/show.js'

function List({ suspense = false }: { suspense?: boolean }): ReactNode {
  const page = useOrganizationMemberships('org_1', {}, { suspense })
  const infinite = useInfiniteOrganizationMemberships('org_1', {}, { suspense })
  return `${rolesOf(page)} | ${rolesOf(infinite)}`
}

test('24: a server renders what it was seeded with, and nothing of another render', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const page = await client.list({ organizationId: 'org_1' })
  const seed = organizationMembershipsSeed([
    { organizationId: 'org_1', page },
    { organizationId: 'org_1', pages: [page] },
  ])
  const html = (given?: OrganizationMembershipsSeed, suspense = false) =>
    renderToString(
      <OrganizationMembershipsProvider client={client} seed={given}>
        <List suspense={suspense} />
      </OrganizationMembershipsProvider>,
    )
  const rows = '2: user_2=member user_1=admin'
  expect(html(seed)).toBe(`${rows} | ${rows}`)
  expect(html(seed, true)).toBe(`${rows} | ${rows}`)
  // The same client serves another user, who was seeded with nothing.
  expect(html()).toBe('unknown | unknown')
  expect(organization.gets()).toBe(1)
})

test('a store that a module holds keeps nothing of one render for the next, on a server', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const { client } = organization
  const page = await client.list({ organizationId: 'org_1' })
  const seed = organizationMembershipsSeed([{ organizationId: 'org_1', page }])
  const store = createOrganizationMembershipsStore(client)
  const html = (given?: OrganizationMembershipsSeed) =>
    renderToString(
      <OrganizationMembershipsProvider store={store} seed={given}>
        <List />
      </OrganizationMembershipsProvider>,
    )
  expect(html(seed)).toBe('2: user_2=member user_1=admin | unknown')
  expect(html()).toBe('unknown | unknown')
})

test('a seed is plain JSON without private metadata, of the membership or of the organization in it', async () => {
  await using organization = await startOrganization(['org:admin'])
  const { client } = organization
  const membership = await client.updateMetadata({
    organizationId: 'org_1',
    userId: 'user_1',
    publicMetadata: { title: 'CTO' },
    privateMetadata: { salary: 'secret' },
  })
  const secretive = {
    ...membership,
    organization: { ...membership.organization, privateMetadata: { plan: 'secret' } },
  }
  expect(JSON.stringify(secretive).match(/secret/g)).toHaveLength(2)
  const page = { data: [secretive], totalCount: 1 }
  const seed = organizationMembershipsSeed([
    { organizationId: 'org_1', page },
    { organizationId: 'org_1', query: { limit: 5 }, pages: [page, page] },
    { organizationId: 'org_1', userId: 'user_1', membership: secretive },
    { organizationId: 'org_1', userId: 'user_2', membership: null },
  ])
  const text = JSON.stringify(seed)
  expect(text).not.toContain('secret')
  expect(text).not.toContain('rivateMetadata')
  // With its quotes: an id made at random may hold any three letters.
  expect(text.match(/"CTO"/g)).toHaveLength(4)
  expect(JSON.parse(text)).toEqual(seed)
  expect(Object.keys(seed)).toHaveLength(4)
})
