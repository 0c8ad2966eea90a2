import type { OrganizationMembership } from '@org-memberships/core'
import { expect, test } from 'vitest'
import type { Change } from '../src/members/presence.js'
import { MemberTable, type Pending, tick } from '../src/members/table.js'

function row(role: string): OrganizationMembership {
  const user = { userId: 'u', firstName: null, lastName: null, imageUrl: '', hasImage: false }
  return {
    id: 'orgmem_u',
    role,
    permissions: [],
    publicMetadata: {},
    organization: { id: 'org_1', name: 'Acme', publicMetadata: {}, createdAt: 1, updatedAt: 1 },
    publicUserData: user,
    createdAt: 1,
    updatedAt: 1,
  }
}

function confirm(table: MemberTable, change: Change, answer: OrganizationMembership): void {
  const write: Pending = { change, isOptimistic: true, sentAt: tick() }
  table.add('u', write)
  table.confirm('u', write, answer)
}

const update = (role: string): Change => ({ kind: 'update', role, permissions: [] })

test('a confirmed write is kept until every page is newer', () => {
  const table = new MemberTable()
  const before = tick()
  confirm(table, update('org:admin'), row('org:admin'))
  table.prune(before)
  expect(table.written.size).toBe(1)
  table.prune(tick())
  expect(table.written.size).toBe(0)
})

test('a thousand confirmed writes to one member are one, with what the member has been in between', () => {
  const table = new MemberTable()
  const before = tick()
  for (let write = 0; write < 1000; write += 1) {
    confirm(table, update(`role_${write % 3}`), row(`role_${write % 3}`))
    table.prune(before)
  }
  expect(table.written.size).toBe(1)
  const { confirmed } = table.written.get('u')!
  expect(confirmed.after).toMatchObject({ role: 'role_0' })
  expect(confirmed.through.length).toBeLessThanOrEqual(4)
})

test('what was pending is gone without a trace once it has failed', () => {
  const table = new MemberTable()
  const write: Pending = { change: update('org:admin'), isOptimistic: true, sentAt: undefined }
  table.add('u', write)
  expect(table.pendingCount).toBe(1)
  table.replace('u', write)
  expect([table.pendingCount, table.written.size]).toEqual([0, 0])
})

test('an answer says what the role was that was not known before', () => {
  const table = new MemberTable()
  confirm(table, { kind: 'delete' }, row('org:admin'))
  expect(table.written.get('u')!.confirmed.through).toMatchObject([
    { isMember: true, role: 'org:admin' },
    { isMember: false },
  ])
})

test('a row that is learnt late from an older answer does not outlive the removal', () => {
  const table = new MemberTable()
  const start = tick()
  confirm(table, { kind: 'delete' }, row('org:admin'))
  table.learn(row('org:admin'), { start, end: tick() })
  expect(table.find('u').data).toBeNull()
  table.prune(tick())
  expect(table.find('u').data).toBeUndefined()
})

test('a row that is learnt from a newer answer does: somebody else has added the member again', () => {
  const table = new MemberTable()
  confirm(table, { kind: 'delete' }, row('org:admin'))
  const again = table.learn(row('org:member'), { start: tick(), end: tick() })
  table.prune(tick())
  expect(table.find('u').data).toBe(again)
})
