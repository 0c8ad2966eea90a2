import { describe, expect, it } from 'vitest'
import { Lanes } from '../src/access/lanes.js'
import type { TurnRequest } from '../src/access/turn-queue.js'

const forever = new AbortController().signal

function turn(options: Partial<TurnRequest> = {}): TurnRequest {
  return { caller: 'ada', kind: 'alone', signal: forever, ...options }
}

/** A task that runs until it is told to end. */
function open() {
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  return { end, task: () => ended }
}

/** Everything that can run without an event has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('Lanes', () => {
  it('runs tasks of a lane in a row, failures included, and other lanes beside them', async () => {
    const lanes = new Lanes()
    const log: string[] = []
    const task =
      (name: string, fails = false) =>
      async () => {
        log.push(`${name} starts`)
        await settled()
        log.push(`${name} ends`)
        if (fails) throw new Error(name)
        return name
      }
    const outcomes = await Promise.allSettled([
      lanes.run('a', turn(), task('a1', true)),
      lanes.run('a', turn(), task('a2')),
      lanes.run('b', turn(), task('b1')),
      lanes.run('a', turn(), task('a3')),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ])
    expect(log.filter((line) => line.startsWith('a'))).toEqual([
      'a1 starts',
      'a1 ends',
      'a2 starts',
      'a2 ends',
      'a3 starts',
      'a3 ends',
    ])
    expect(log.indexOf('b1 starts')).toBeLessThan(log.indexOf('a1 ends'))
  })

  it('lets a task that is given up while it waits leave, and keeps the order of the rest', async () => {
    const lanes = new Lanes()
    const log: string[] = []
    const first = open()
    const running = lanes.run('a', turn(), first.task)
    const controller = new AbortController()
    const second = lanes.run('a', turn({ signal: controller.signal }), async () => log.push('2'))
    const third = lanes.run('a', turn(), async () => log.push('3'))
    controller.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    expect(log).toEqual([])
    first.end()
    await Promise.all([running, third])
    expect(log).toEqual(['3'])
  })

  it('does not start a task whose caller has gone before', async () => {
    const signal = AbortSignal.abort(new Error('gone'))
    const lanes = new Lanes()
    await expect(lanes.run('a', turn({ signal }), () => Promise.resolve())).rejects.toThrow('gone')
    await lanes.run('a', turn(), () => Promise.resolve())
  })

  it('runs shared tasks beside each other, eight at most, and never beside one that runs alone', async () => {
    const lanes = new Lanes()
    let running = 0
    let most = 0
    const ends: (() => void)[] = []
    const shared = () => {
      const { end, task } = open()
      ends.push(end)
      return lanes.run('a', turn({ kind: 'shared' }), async () => {
        running += 1
        most = Math.max(most, running)
        await task()
        running -= 1
      })
    }
    const before = Array.from({ length: 10 }, shared)
    const alone = lanes.run('a', turn({ caller: 'bob' }), async () => {
      expect(running).toBe(0)
      await settled()
      expect(running).toBe(0)
    })
    const after = Array.from({ length: 3 }, shared)
    await settled()
    expect(running).toBe(8)
    for (const end of ends) end()
    await Promise.all([...before, alone, ...after])
    expect(most).toBe(8)
  })

  it('lets callers take turns, however many each has waiting', async () => {
    const lanes = new Lanes()
    const log: string[] = []
    const first = open()
    const all = [
      lanes.run('a', turn(), first.task),
      ...['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) =>
        lanes.run('a', turn({ caller: name[0]! }), async () => log.push(name)),
      ),
    ]
    first.end()
    await Promise.all(all)
    expect(log).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  it('keeps a caller with 400 tasks from holding others off', async () => {
    const lanes = new Lanes()
    const first = open()
    const log: string[] = []
    const refused: unknown[] = []
    const task = (caller: string) =>
      lanes.run('a', turn({ caller }), async () => {
        await settled()
        log.push(caller)
      })
    const running = lanes.run('a', turn({ caller: 'ada' }), first.task)
    const flood = Array.from({ length: 400 }, () =>
      task('ada').catch((error: unknown) => refused.push(error)),
    )
    const other = task('bob')
    first.end()
    await Promise.all([running, ...flood, other])
    expect(refused).toHaveLength(380)
    expect(log).toHaveLength(21)
    expect(log.indexOf('bob')).toBe(1)
  })

  it('refuses what one caller has too many of waiting, and what a lane has', async () => {
    const lanes = new Lanes()
    const first = open()
    const nothing = () => Promise.resolve()
    const all = [lanes.run('a', turn({ caller: 'first' }), first.task)]
    const tooMany = { status: 429, retryAfter: 1000 }
    for (const caller of ['ada', 'bob', 'cleo', 'dan', 'eve']) {
      for (let index = 0; index < 20; index += 1)
        all.push(lanes.run('a', turn({ caller }), nothing))
      await expect(lanes.run('a', turn({ caller }), nothing)).rejects.toMatchObject(tooMany)
    }
    // Nobody is kept out by others who have many: one of those gives way.
    const outcomes = Promise.allSettled(all)
    const fay = lanes.run('a', turn({ caller: 'fay' }), nothing)
    await lanes.run('b', turn(), nothing)
    first.end()
    await fay
    const refused = (await outcomes).filter(({ status }) => status === 'rejected')
    expect(refused).toMatchObject([{ reason: tooMany }])
    await lanes.run('a', turn({ caller: 'fay' }), nothing)
  })

  it('runs a task that comes to its own lane again at once', async () => {
    const lanes = new Lanes()
    const other = new Lanes()
    const result = await lanes.run('a', turn(), () =>
      other.run('a', turn(), () => lanes.run('a', turn(), async () => 'inner')),
    )
    expect(result).toBe('inner')
  })

  it('makes what a task has left behind wait as anybody else', async () => {
    const lanes = new Lanes()
    const log: string[] = []
    const gate = open()
    let later: Promise<unknown> = Promise.resolve()
    await lanes.run('a', turn(), async () => {
      later = gate.task().then(() => lanes.run('a', turn(), async () => log.push('left behind')))
    })
    const holding = open()
    const holder = lanes.run('a', turn(), holding.task)
    gate.end()
    await settled()
    expect(log).toEqual([])
    holding.end()
    await Promise.all([holder, later])
    expect(log).toEqual(['left behind'])
  })
})
