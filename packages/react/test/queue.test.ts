import { BadRequestError, type OrganizationMembership } from '@org-memberships/core'
import { expect, test } from 'vitest'
import type { Change } from '../src/members/presence.js'
import { MemberTable } from '../src/members/table.js'
import { WriteQueue } from '../src/writes/queue.js'
import { RequestSlots } from '../src/writes/slots.js'

interface OpenRequest {
  readonly user: string
  readonly change: Change
  readonly signal: AbortSignal
  resolve(answer: string): void
  reject(error: unknown): void
}

/** A queue whose requests a test answers by hand, with the id of a membership. */
function createQueue(slots = 8) {
  const open: OpenRequest[] = []
  const table = new MemberTable()
  const queue = new WriteQueue({
    table,
    slots: new RequestSlots(slots),
    send: (user, change, signal) =>
      new Promise((resolve, reject) => {
        const answer = (id: string) => resolve(membership(user, id))
        open.push({ user, change, signal, resolve: answer, reject })
      }),
    ended: () => {},
  })
  const add = (user: string, change: Change, signal?: AbortSignal) => {
    const id = queue.add(user, change, true, signal).then((member) => member.id)
    // Looked at later.
    id.catch(() => {})
    return id
  }
  return {
    queue,
    table,
    open,
    add,
    sent: () => open.map(({ user, change }) => `${user} ${nameOf(change)}`),
  }
}

function membership(userId: string, id: string): OrganizationMembership {
  const user = { userId, firstName: null, lastName: null, imageUrl: '', hasImage: false }
  return {
    id,
    role: 'org:member',
    permissions: [],
    publicMetadata: {},
    organization: { id: 'org_1', name: 'Acme', publicMetadata: {}, createdAt: 1, updatedAt: 1 },
    publicUserData: user,
    createdAt: 1,
    updatedAt: 1,
  }
}

const create: Change = { kind: 'create', role: 'org:member' }
const remove: Change = { kind: 'delete' }
const role = (name: string): Change => ({ kind: 'update', role: name, permissions: [] })
const patch = (key: string): Change => ({ kind: 'updateMetadata', publicMetadata: { [key]: 1 } })

function nameOf(change: Change): string {
  if (change.kind === 'updateMetadata') return Object.keys(change.publicMetadata).join('+')
  return change.kind === 'update' ? change.role : change.kind
}

const refused = new BadRequestError(
  { method: 'PATCH', path: '/' },
  { status: 400, errors: [{ code: 'x', message: 'x', long_message: 'x' }] },
)

async function outcomesOf(promises: readonly Promise<string>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(promises)
  return settled.map((result) => ('value' in result ? result.value : result.reason))
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('one request per member is open, in order; other members do not wait', async () => {
  const { add, open, sent } = createQueue()
  const answers = [add('x', role('one')), add('x', role('two')), add('y', role('three'))]
  expect(sent()).toEqual(['x one', 'y three'])
  open[0]!.resolve('first')
  await turn()
  expect(sent()).toEqual(['x one', 'y three', 'x two'])
  open[1]!.resolve('third')
  open[2]!.reject(new Error('second'))
  await expect(outcomesOf(answers)).resolves.toEqual(['first', new Error('second'), 'third'])
})

test('patches that wait leave together, and each settles', async () => {
  const { add, open, sent, queue } = createQueue()
  const answers = [patch('a'), patch('b'), role('c'), patch('d'), patch('e')].map((it) =>
    add('x', it),
  )
  expect(queue.pendingCount('x')).toBe(5)
  for (const id of ['a', 'b', 'c', 'both']) {
    open.at(-1)!.resolve(id)
    await turn()
  }
  expect(sent()).toEqual(['x a', 'x b', 'x c', 'x d+e'])
  await expect(Promise.all(answers)).resolves.toEqual(['a', 'b', 'c', 'both', 'both'])
  expect(queue.pendingCount('x')).toBe(0)
})

test('a joint request that failed for what it said is sent again one by one', async () => {
  const { add, open, sent, queue, table } = createQueue()
  const first = add('x', role('first'))
  const joint = [add('x', patch('a')), add('x', patch('b'))]
  open[0]!.resolve('')
  await turn()
  open[1]!.reject(refused)
  await turn()
  expect([table.pendingCount, queue.failureOf('x')]).toEqual([2, undefined])
  const other = new BadRequestError(
    { method: 'PATCH', path: '/' },
    { status: 400, errors: [{ code: 'y', message: 'y', long_message: 'y' }] },
  )
  open.at(-1)!.reject(other)
  await turn()
  open.at(-1)!.resolve('good b')
  await first
  await expect(outcomesOf(joint)).resolves.toEqual([other, 'good b'])
  expect(sent()).toEqual(['x first', 'x a+b', 'x a', 'x b'])
  expect(queue.failureOf('x')?.error).toBe(other)
})

test('what waits behind a create that failed is not sent, up to the next create', async () => {
  const { add, open, sent } = createQueue()
  const writes = [create, role('r'), create, remove].map((change) => add('x', change))
  const no = new Error('no')
  open[0]!.reject(no)
  await turn()
  expect(sent()).toEqual(['x create', 'x create'])
  open[1]!.resolve('yes')
  await turn()
  open[2]!.resolve('gone')
  await expect(outcomesOf(writes)).resolves.toEqual([
    no,
    expect.objectContaining({ name: 'WriteNotSentError', cause: no }),
    'yes',
    'gone',
  ])
})

test('an abort takes a waiting write out, and aborts a request once all its writes are aborted', async () => {
  const { add, open, sent } = createQueue()
  const [one, two, three, four, five] = Array.from({ length: 5 }, () => new AbortController())
  const first = add('x', role('first'), one!.signal)
  const joint = [
    add('x', patch('a'), two!.signal),
    add('x', patch('taken'), five!.signal),
    add('x', patch('b'), three!.signal),
  ]
  const waiting = add('x', role('last'), four!.signal)
  four!.abort('four')
  five!.abort('five')
  open[0]!.resolve('')
  await first
  await turn()
  const { signal, reject } = open[1]!
  two!.abort('two')
  expect(signal.aborted).toBe(false)
  three!.abort('three')
  expect(signal.aborted).toBe(true)
  reject(signal.reason)
  await expect(outcomesOf([...joint, waiting])).resolves.toEqual(['two', 'five', 'three', 'four'])
  expect(sent()).toEqual(['x first', 'x a+b'])
  await expect(add('x', role('late'), AbortSignal.abort('early'))).rejects.toBe('early')
})

test('clear rejects what waits and aborts what is in flight', async () => {
  const { queue, add, open } = createQueue()
  const writes = [add('x', role('one')), add('x', role('two')), add('y', role('three'))]
  queue.clear('reset')
  await expect(outcomesOf(writes)).resolves.toEqual(['reset', 'reset', 'reset'])
  expect(open.map(({ signal }) => signal.aborted)).toEqual([true, true])
  open[0]!.resolve('late')
  await turn()
  expect(open).toHaveLength(2)
})

test('a joint request that is refused after a clear is not sent again', async () => {
  const { queue, add, open } = createQueue()
  const first = add('x', role('first'))
  const joint = [add('x', patch('a')), add('x', patch('b'))]
  open[0]!.resolve('')
  await first
  await turn()
  queue.clear('reset')
  open[1]!.reject(refused)
  await turn()
  expect(open).toHaveLength(2)
  await expect(outcomesOf(joint)).resolves.toEqual(['reset', 'reset'])
})

test('a patch does not join one that was forgotten', async () => {
  const { table, add, open, sent } = createQueue()
  const writes = [add('x', role('first')), add('x', patch('a'))]
  table.clear()
  writes.push(add('x', patch('b')))
  for (const id of ['first', 'a', 'b']) {
    open.at(-1)!.resolve(id)
    await turn()
  }
  await expect(outcomesOf(writes)).resolves.toEqual(['first', 'a', 'b'])
  expect(sent()).toEqual(['x first', 'x a', 'x b'])
  expect([table.pendingCount, table.written.size]).toEqual([0, 1])
})

test('no more requests are open than there are slots, over all members, in turn', async () => {
  const { add, open, sent } = createQueue(2)
  const answers = ['a', 'b', 'c', 'd'].flatMap((user) => [
    add(user, role('1')),
    add(user, role('2')),
  ])
  expect(sent()).toEqual(['a 1', 'b 1'])
  open[0]!.resolve('')
  await turn()
  expect(sent()).toEqual(['a 1', 'b 1', 'c 1'])
  open[1]!.reject(new Error('b1'))
  await turn()
  expect(sent()).toEqual(['a 1', 'b 1', 'c 1', 'd 1'])
  for (let index = 2; index < 8; index += 1) {
    open[index]!.resolve('')
    await turn()
  }
  expect(sent().slice(4)).toEqual(['a 2', 'b 2', 'c 2', 'd 2'])
  const settled = await Promise.allSettled(answers)
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1)
})

test('a member whose writes were all taken back gives the slot to the next', async () => {
  const { add, open, sent } = createQueue(1)
  const controller = new AbortController()
  const first = add('a', role('first'))
  const taken = add('b', role('taken'), controller.signal)
  const last = add('c', role('last'))
  controller.abort('back')
  await expect(taken).rejects.toBe('back')
  open[0]!.resolve('')
  await first
  await turn()
  expect(sent()).toEqual(['a first', 'c last'])
  open[1]!.resolve('')
  await last
})
