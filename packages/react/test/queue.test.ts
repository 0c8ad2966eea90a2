import { expect, test } from 'vitest'
import { KeyedQueue, type QueuePolicy } from '../src/queue.js'
import { RequestSlots } from '../src/request-slots.js'

interface OpenRequest {
  readonly writes: readonly string[]
  readonly signal: AbortSignal
  resolve(answer: string): void
  reject(error: unknown): void
}

/** A queue whose requests a test answers by hand. Writes of one letter and a plus (`a+`) join. */
function createQueue(slots = 8) {
  const open: OpenRequest[] = []
  const policy: QueuePolicy<string, string> = {
    send: (writes, signal) =>
      new Promise((resolve, reject) => open.push({ writes, signal, resolve, reject })),
    open: (first) => (next) => next.endsWith('+') && first.endsWith('+'),
    splits: (error) => error === 'split',
    refuses: ({ write, error }, next) =>
      write === 'create' && error !== undefined && next !== 'create'
        ? new Error(`${next} refused`)
        : undefined,
  }
  const queue = new KeyedQueue<string, string>(policy, new RequestSlots(slots))
  return { queue, open }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('one request per key is open, in order; other keys do not wait', async () => {
  const { queue, open } = createQueue()
  const answers = [queue.add('x', 'one'), queue.add('x', 'two'), queue.add('y', 'three')]
  expect(open.map(({ writes }) => writes)).toEqual([['one'], ['three']])
  open[0]!.resolve('first')
  await turn()
  expect(open.map(({ writes }) => writes)).toEqual([['one'], ['three'], ['two']])
  open[1]!.resolve('third')
  open[2]!.reject(new Error('second'))
  const settled = await Promise.allSettled(answers)
  expect(settled.map((result) => ('value' in result ? result.value : result.reason))).toEqual([
    'first',
    new Error('second'),
    'third',
  ])
})

test('writes that may leave together do, and each settles', async () => {
  const { queue, open } = createQueue()
  const answers = ['a+', 'b+', 'c', 'd+'].map((write) => queue.add('x', write))
  open[0]!.resolve('a')
  await turn()
  expect(open.at(-1)!.writes).toEqual(['b+'])
  open.at(-1)!.resolve('b')
  await turn()
  open.at(-1)!.resolve('c')
  await turn()
  answers.push(queue.add('x', 'e+'), queue.add('x', 'f+'))
  open.at(-1)!.resolve('d')
  await turn()
  expect(open.at(-1)!.writes).toEqual(['e+', 'f+'])
  open.at(-1)!.resolve('both')
  await expect(Promise.all(answers)).resolves.toEqual(['a', 'b', 'c', 'd', 'both', 'both'])
})

test('a joint request that failed for what it said is sent again one by one', async () => {
  const { queue, open } = createQueue()
  const first = queue.add('x', 'first')
  const joint = ['a+', 'b+'].map((write) => queue.add('x', write))
  open[0]!.resolve('')
  await turn()
  open[1]!.reject('split')
  await turn()
  expect(open.at(-1)!.writes).toEqual(['a+'])
  open.at(-1)!.reject(new Error('bad a'))
  await turn()
  expect(open.at(-1)!.writes).toEqual(['b+'])
  open.at(-1)!.resolve('good b')
  await first
  const settled = await Promise.allSettled(joint)
  expect(settled).toMatchObject([{ reason: new Error('bad a') }, { value: 'good b' }])
})

test('what waits behind a failure is refused up to the first that may go', async () => {
  const { queue, open } = createQueue()
  const writes = ['create', 'update', 'create', 'delete'].map((write) => queue.add('x', write))
  open[0]!.reject(new Error('no'))
  await turn()
  expect(open.map((request) => request.writes)).toEqual([['create'], ['create']])
  open[1]!.resolve('yes')
  await turn()
  open[2]!.resolve('gone')
  const settled = await Promise.allSettled(writes)
  expect(settled).toMatchObject([
    { reason: new Error('no') },
    { reason: new Error('update refused') },
    { value: 'yes' },
    { value: 'gone' },
  ])
})

test('an abort takes a waiting write out, and aborts a request once all its writes are aborted', async () => {
  const { queue, open } = createQueue()
  const [one, two, three, four] = Array.from({ length: 4 }, () => new AbortController())
  const first = queue.add('x', 'first', one!.signal)
  const joint = [queue.add('x', 'a+', two!.signal), queue.add('x', 'b+', three!.signal)]
  const waiting = queue.add('x', 'last', four!.signal)
  four!.abort('four')
  open[0]!.resolve('')
  await first
  await turn()
  const { signal, reject } = open[1]!
  two!.abort('two')
  expect(signal.aborted).toBe(false)
  three!.abort('three')
  expect(signal.aborted).toBe(true)
  reject(signal.reason)
  const settled = await Promise.allSettled([...joint, waiting])
  expect(settled.map((result) => 'reason' in result && result.reason)).toEqual([
    'two',
    'three',
    'four',
  ])
  expect(open).toHaveLength(2)
  await expect(queue.add('x', 'late', AbortSignal.abort('early'))).rejects.toBe('early')
})

test('clear rejects what waits and aborts what is in flight', async () => {
  const { queue, open } = createQueue()
  const writes = [queue.add('x', 'one'), queue.add('x', 'two'), queue.add('y', 'three')]
  queue.clear('reset')
  const settled = await Promise.allSettled(writes)
  expect(settled.map((result) => 'reason' in result && result.reason)).toEqual(
    Array(3).fill('reset'),
  )
  expect(open.map(({ signal }) => signal.aborted)).toEqual([true, true])
  open[0]!.resolve('late')
  await turn()
  expect(open).toHaveLength(2)
})

test('a joint request that is refused after a clear is not sent again', async () => {
  const { queue, open } = createQueue()
  const first = queue.add('x', 'first')
  const joint = ['a+', 'b+'].map((write) => queue.add('x', write))
  open[0]!.resolve('')
  await first
  await turn()
  queue.clear('reset')
  open[1]!.reject('split')
  await turn()
  expect(open).toHaveLength(2)
  await expect(Promise.allSettled(joint)).resolves.toMatchObject([
    { reason: 'reset' },
    { reason: 'reset' },
  ])
})

test('no more requests are open than there are slots, over all keys, in turn', async () => {
  const { queue, open } = createQueue(2)
  const answers = ['a', 'b', 'c', 'd'].flatMap((key) => [
    queue.add(key, `${key}1`),
    queue.add(key, `${key}2`),
  ])
  const sent = () => open.map(({ writes }) => writes.join())
  expect(sent()).toEqual(['a1', 'b1'])
  open[0]!.resolve('')
  await turn()
  expect(sent()).toEqual(['a1', 'b1', 'c1'])
  open[1]!.reject(new Error('b1'))
  await turn()
  expect(sent()).toEqual(['a1', 'b1', 'c1', 'd1'])
  for (let index = 2; index < 8; index += 1) {
    open[index]!.resolve('')
    await turn()
  }
  expect(sent().slice(4)).toEqual(['a2', 'b2', 'c2', 'd2'])
  const settled = await Promise.allSettled(answers)
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1)
})

test('a key whose writes were all taken back gives its slot to the next', async () => {
  const { queue, open } = createQueue(1)
  const controller = new AbortController()
  const first = queue.add('a', 'first')
  const taken = queue.add('b', 'taken', controller.signal)
  const last = queue.add('c', 'last')
  controller.abort('back')
  await expect(taken).rejects.toBe('back')
  open[0]!.resolve('')
  await first
  await turn()
  expect(open.map(({ writes }) => writes)).toEqual([['first'], ['last']])
  open[1]!.resolve('')
  await last
})
