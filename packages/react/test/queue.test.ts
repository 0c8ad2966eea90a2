import { expect, test } from 'vitest'
import { KeyedQueue } from '../src/queue.js'

interface OpenRequest {
  readonly writes: readonly string[]
  readonly signal: AbortSignal
  resolve(answer: string): void
  reject(error: unknown): void
}

/** A queue whose requests a test answers by hand. Writes of one letter and a plus (`a+`) join. */
function createQueue() {
  const open: OpenRequest[] = []
  const queue = new KeyedQueue<string, string>({
    send: (writes, signal) =>
      new Promise((resolve, reject) => open.push({ writes, signal, resolve, reject })),
    joins: (writes, next) => next.endsWith('+') && writes.every((write) => write.endsWith('+')),
    splits: (error) => error === 'split',
    refuses: ({ write, error }, next) =>
      write === 'create' && error !== undefined && next !== 'create'
        ? new Error(`${next} refused`)
        : undefined,
  })
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
