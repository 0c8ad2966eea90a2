import type { OrganizationMembership, OrganizationMembershipQuery } from '@org-memberships/core'
import { expect, test } from 'vitest'
import type { Change } from '../src/members/presence.js'
import { projectPage } from '../src/members/project.js'
import { MemberTable, type Pending, type Stamp, tick } from '../src/members/table.js'
import { normalizeQuery } from '../src/pages/keys.js'

// Law 4: what is not known is not claimed. Schedules have found each of these.

function row(user: number, createdAt: number, role = 'org:member'): OrganizationMembership {
  const userId = `user_${user}`
  const person = { userId, firstName: null, lastName: null, imageUrl: '', hasImage: false }
  return {
    id: `orgmem_${user}_${createdAt}`,
    role,
    permissions: [],
    publicMetadata: {},
    organization: { id: 'org_1', name: 'Acme', publicMetadata: {}, createdAt: 1, updatedAt: 1 },
    publicUserData: person,
    createdAt,
    updatedAt: createdAt,
  }
}

const update: Change = { kind: 'update', role: 'org:member', permissions: [] }
const remove: Change = { kind: 'delete' }
const create: Change = { kind: 'create', role: 'org:member' }

/** Confirmed writes to one user; the page has been read before all of them, or after so many. */
function project(
  rows: OrganizationMembership[],
  totalCount: number,
  query: OrganizationMembershipQuery,
  writes: readonly (readonly [Change, OrganizationMembership | undefined])[],
  userId: string,
  readAfter = 0,
) {
  const table = new MemberTable()
  let stamp: Stamp = { start: 0, end: 0 }
  for (const [index, [change, answer]] of writes.entries()) {
    if (index === readAfter) stamp = { start: tick(), end: tick() }
    const write: Pending = { change, isOptimistic: true, sentAt: tick() }
    table.add(userId, write)
    table.confirm(userId, write, answer)
  }
  const context = { query: normalizeQuery(query), stamp, overflow: 'drop' } as const
  const { page, certainty } = projectPage({ data: rows, totalCount }, context, table.written)
  return `${certainty} ${page.totalCount}: ${page.data.map(({ id }) => id).join(' ')}`
}

test('a user whom an update did not find was none, so one who is then added may match a search', () => {
  const writes = [
    [update, undefined],
    [create, row(9, 9)],
  ] as const
  expect(project([row(1, 1)], 1, { query: 'name' }, writes, 'user_9')).toMatch(/^incomplete /)
})

test('a member on another page who is removed and added again has moved what stands here', () => {
  const rows = [row(4, 4), row(5, 5)]
  const query = { limit: 2, offset: 2, orderBy: 'created_at' } as const
  const writes = [
    [remove, row(1, 1)],
    [create, row(1, 9)],
  ] as const
  expect(project(rows, 6, query, writes, 'user_1')).toMatch(/^incomplete 6:/)
})

test('a member of whom nothing was known, changed, removed and added again, counts once', () => {
  const rows = [row(6, 6), row(5, 5)]
  const writes = [
    [update, row(1, 1)],
    [remove, row(1, 1)],
    [create, row(1, 9)],
  ] as const
  const shown = project(rows, 6, { limit: 2 }, writes, 'user_1')
  expect(shown).toBe('incomplete 6: orgmem_1_9 orgmem_6_6')
})

test('the total of a page that was read between two writes to a member elsewhere is a guess', () => {
  const rows = [row(4, 4), row(3, 3)]
  const writes = [
    [remove, row(1, 1)],
    [create, row(1, 9)],
  ] as const
  const query = { limit: 2, offset: 2 }
  expect(project(rows, 5, query, writes, 'user_1', 1)).toMatch(/^guessed /)
})

test('a new member stands on top of the first page, and the total counts them on every page', () => {
  const writes = [[create, row(9, 9)]] as const
  const rows = [row(2, 2), row(1, 1)]
  expect(project(rows, 5, { limit: 2 }, writes, 'user_9')).toBe('exact 6: orgmem_9_9 orgmem_2_2')
  expect(project(rows, 5, { limit: 2, offset: 2 }, writes, 'user_9')).toMatch(/^incomplete 6:/)
})
