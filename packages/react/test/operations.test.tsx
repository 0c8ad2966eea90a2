// @vitest-environment happy-dom
import { waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import {
  useCreateOrganizationMembership,
  useDeleteOrganizationMembership,
  useOrganizationMemberships,
  useUpdateOrganizationMembership,
  useUpdateOrganizationMembershipMetadata,
} from '../src/index.js'
import { startOrganization } from './support/organization.js'
import { probe } from './support/probe.js'
import { rolesOf } from './support/show.js'

test('the five operations are shown at once and confirmed, without a frame in between', async () => {
  await using organization = await startOrganization(['org:admin', 'org:member'])
  const page = probe(
    () => ({
      list: useOrganizationMemberships('org_1'),
      create: useCreateOrganizationMembership('org_1'),
      update: useUpdateOrganizationMembership('org_1'),
      updateMetadata: useUpdateOrganizationMembershipMetadata('org_1'),
      remove: useDeleteOrganizationMembership('org_1'),
    }),
    ({ list }) => rolesOf(list),
    organization,
  )
  await waitFor(() => expect(page.frames.at(-1)).toBe('2: user_2=member user_1=admin'))

  await page.value.update.trigger({ userId: 'user_2', role: 'org:admin' })
  await page.value.create.trigger({ userId: 'user_3', role: 'org:member' })
  const patched = await page.value.updateMetadata.trigger({
    userId: 'user_1',
    publicMetadata: { title: 'CTO' },
  })
  expect(patched.publicMetadata).toEqual({ title: 'CTO' })
  await page.value.remove.trigger({ userId: 'user_2' })
  await waitFor(() => expect(page.value.list.isValidating).toBe(false))

  expect(page.frames).toEqual([
    'unknown',
    '2: user_2=member user_1=admin',
    '2: user_2=admin user_1=admin',
    '3: user_3=member user_2=admin user_1=admin',
    '2: user_3=member user_1=admin',
  ])
  const { data } = await organization.client.list({ organizationId: 'org_1' })
  const { membersCount, ...inRows } = data[0]!.organization
  expect(page.value.list.organization?.membersCount).toBe(membersCount)
  for (const row of data) row.organization = inRows
  expect(page.value.list.memberships).toEqual(data)
})
