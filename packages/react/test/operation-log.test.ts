import { expect, test } from 'vitest'
import { OperationLog, statesOf } from '../src/overlay/log.js'
import type { Change } from '../src/overlay/change.js'
import { absent } from '../src/overlay/presence.js'

const member = { isMember: true } as const
const role = (name: string) => ({ ...member, role: name })
const update = (name: string) => {
  const change: Change = { kind: 'update', role: name, permissions: [] }
  return { userId: 'u', isOptimistic: true, change }
}

function confirmed(log: OperationLog, name: string, sentAt: number): void {
  const operation = log.add(update(name), () => member)
  log.send([operation], sentAt)
  log.confirm([operation], { at: sentAt + 1, after: role(name) })
}

test('an operation is kept until every page is newer, and a request in flight counts as a page', () => {
  const log = new OperationLog()
  confirmed(log, 'a', 10)
  log.prune([
    { start: 20, end: 21 },
    { start: 5, end: Number.POSITIVE_INFINITY },
  ])
  expect(log.size).toBe(1)
  log.prune([{ start: 20, end: 21 }])
  expect(log.size).toBe(0)
  expect(log.chains.size).toBe(0)
})

test('a page that lies in the cache for hours does not make the log grow', () => {
  const log = new OperationLog()
  for (let write = 1; write <= 1000; write += 1) {
    confirmed(log, `role_${write}`, write * 10)
    log.prune([{ start: 1, end: 2 }])
  }
  expect(log.size).toBe(1)
  expect(statesOf(log.chains.get('u')!)).toEqual([member, role('role_1000')])
  log.prune([{ start: 20_000, end: 20_001 }])
  expect(log.size).toBe(0)
})

test('two writes that a page tells apart stay two', () => {
  const log = new OperationLog()
  confirmed(log, 'a', 10)
  confirmed(log, 'b', 20)
  log.prune([
    { start: 1, end: 2 },
    { start: 12, end: 13 },
  ])
  expect(log.size).toBe(2)
})

test('an answer tells the role that was not known before', () => {
  const log = new OperationLog()
  const remove = { userId: 'u', isOptimistic: true, change: { kind: 'delete' } } as const
  const operation = log.add(remove, () => member)
  expect(statesOf(log.chains.get('u')!)).toEqual([member, absent])
  log.send([operation], 1)
  log.confirm([operation], { at: 2, after: absent, before: role('org:admin') })
  expect(statesOf(log.chains.get('u')!)).toEqual([role('org:admin'), absent])
})
