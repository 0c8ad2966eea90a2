import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OrganizationMembership, OrganizationMembershipPage } from '../src/index.js'
import { WalkError, walkPages } from '../src/whole-list.js'
import { fromOrganizationMembershipJSON } from '../src/contract/index.js'
import { membershipJSON, rejectionOf } from './fixtures.js'
import { randomFrom } from './random.js'

const template = fromOrganizationMembershipJSON(membershipJSON())

interface ChurnOptions {
  seed: number
  rows: number
  /** Of the rows at the start, how many are removed, and as many added, during the walk. */
  share: number
  rowsPerMs: number
  pageSize: number
  concurrency: number
  direction?: 1 | -1
  /** What the server gives at most. */
  serverLimit?: number
  /** Rows of one millisecond come in another order at each request. */
  unstableTies?: boolean
}

interface ChurnResult {
  lost: string[]
  doubled: string[]
  requests: number
  mostOpen: number
}

/** Walks a list that changes after each answer; the answers of one moment are snapshots of that moment. */
async function walkUnderChurn(options: ChurnOptions): Promise<ChurnResult> {
  const { seed, rows, share, rowsPerMs, pageSize, concurrency, direction = 1 } = options
  const random = randomFrom(seed)
  let made = 0
  const make = (createdAt: number): OrganizationMembership => ({
    ...template,
    id: `orgmem_${String(Math.floor(random() * 1e9)).padStart(9, '0')}_${made++}`,
    createdAt,
  })
  let now = 1_730_000_000_000
  const list = Array.from({ length: rows }, (_, index) => make(now + Math.floor(index / rowsPerMs)))
  now += Math.ceil(rows / rowsPerMs)
  const throughout = new Set(list.map(({ id }) => id))

  const changes = Math.floor(rows * share)
  const expectedRequests = Math.max(1, Math.ceil(rows / pageSize))
  const perAnswer = Math.ceil(changes / expectedRequests)
  let removed = 0
  let requests = 0
  let open = 0
  let mostOpen = 0

  const churn = () => {
    const until = Math.min(changes, removed + perAnswer)
    while (removed < until) {
      // Now and then a run of neighbours goes at once, as when a team leaves.
      const most = random() < 0.02 ? 60 : 1
      const gone = list.splice(Math.floor(random() * list.length), Math.min(most, until - removed))
      for (const { id } of gone) throughout.delete(id)
      for (let added = 0; added < gone.length; added++) {
        if (random() < 1 / rowsPerMs) now += 1
        list.push(make(now))
      }
      removed += gone.length
    }
  }
  // The list is kept in the order of creation, so that a page is cut out without sorting it all.
  const pageOf = (offset: number, length: number) => {
    const from = direction === 1 ? offset : Math.max(0, list.length - offset - length)
    const to = direction === 1 ? offset + length : Math.max(0, list.length - offset)
    const cut = options.unstableTies
      ? cutOfShuffledTies(list, from, to, random)
      : list.slice(from, to)
    return direction === 1 ? cut : cut.toReversed()
  }
  const readPage = async ({
    limit,
    offset,
  }: {
    limit: number
    offset: number
  }): Promise<OrganizationMembershipPage> => {
    requests += 1
    open += 1
    mostOpen = Math.max(mostOpen, open)
    // Answers arrive in any order.
    await inTurns(Math.floor(random() * 8))
    const length = Math.min(limit, options.serverLimit ?? limit)
    const page = { data: pageOf(offset, length), totalCount: list.length }
    churn()
    open -= 1
    return page
  }

  const seen = new Map<string, number>()
  const walk = walkPages({
    pageSize,
    concurrency,
    direction,
    signal: undefined,
    readPage,
    errorFor: (error) => error,
  })
  for await (const { id } of walk) seen.set(id, (seen.get(id) ?? 0) + 1)
  return {
    lost: [...throughout].filter((id) => !seen.has(id)),
    doubled: [...seen].filter(([, times]) => times > 1).map(([id]) => id),
    requests,
    mostOpen,
  }
}

async function inTurns(turns: number): Promise<void> {
  if (turns > 0) await Promise.resolve().then(() => inTurns(turns - 1))
}

/** `list.slice(from, to)`, had the rows of each millisecond been shuffled before. */
function cutOfShuffledTies(
  list: readonly OrganizationMembership[],
  from: number,
  to: number,
  random: () => number,
): OrganizationMembership[] {
  const time = (index: number) => list[index]?.createdAt
  let [start, end] = [Math.min(from, list.length), Math.min(to, list.length)]
  while (start > 0 && time(start - 1) === time(start)) start -= 1
  while (end < list.length && time(end) === time(end - 1)) end += 1
  const keyed = list.slice(start, end).map((row) => ({ row, key: random() }))
  keyed.sort((a, b) => a.row.createdAt - b.row.createdAt || a.key - b.key)
  return keyed.slice(from - start, to - start).map(({ row }) => row)
}

async function drain(rows: AsyncIterable<OrganizationMembership>): Promise<void> {
  for await (const row of rows) void row
}

const complete = { lost: [], doubled: [] }

describe('a list of 5,000 of which 20 percent go and as many come during the walk', () => {
  it.each([
    { concurrency: 1, requestsAtMost: 75 },
    { concurrency: 4, requestsAtMost: 90 },
    { concurrency: 16, requestsAtMost: 115 },
  ])('is complete with concurrency $concurrency', async ({ concurrency, requestsAtMost }) => {
    const runs = 67
    let requests = 0
    for (let seed = 1; seed <= runs; seed++) {
      const result = await walkUnderChurn({
        seed,
        rows: 5000,
        share: 0.2,
        rowsPerMs: seed % 3 === 0 ? 1 : 4,
        pageSize: 100,
        concurrency,
        direction: seed % 5 === 0 ? -1 : 1,
        unstableTies: seed % 2 === 0,
      })
      const { lost, doubled } = result
      expect({ seed, lost, doubled }).toEqual({ seed, ...complete })
      expect(result.mostOpen).toBeLessThanOrEqual(concurrency)
      requests += result.requests
    }
    expect(requests / runs).toBeLessThan(requestsAtMost)
  })
})

describe('lists of every kind', () => {
  it('are complete, whatever the sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer(),
          rows: fc.integer({ min: 0, max: 400 }),
          share: fc.double({ min: 0, max: 0.5, noNaN: true }),
          rowsPerMs: fc.integer({ min: 1, max: 3 }),
          pageSize: fc.integer({ min: 6, max: 120 }),
          concurrency: fc.integer({ min: 1, max: 20 }),
          direction: fc.constantFrom(1 as const, -1 as const),
          unstableTies: fc.boolean(),
          serverLimit: fc.option(fc.integer({ min: 6, max: 60 }), { nil: undefined }),
        }),
        async (options) => {
          // Ties are random only where a page holds the whole millisecond and more.
          const { lost, doubled } = await walkUnderChurn({
            ...options,
            serverLimit: options.serverLimit ?? 500,
          })
          expect({ lost, doubled }).toEqual(complete)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('are complete though thousands share one millisecond, in a stable order', async () => {
    for (const [rows, pageSize, concurrency] of [
      [1200, 500, 1],
      [1200, 500, 4],
      [3000, 100, 16],
      [50, 2, 1],
      [50, 3, 4],
    ] as const) {
      const result = await walkUnderChurn({
        seed: rows,
        rows,
        share: 0,
        rowsPerMs: rows,
        pageSize,
        concurrency,
      })
      expect({ lost: result.lost, doubled: result.doubled }).toEqual(complete)
    }
  })

  it('of one page take one request; of two, three at most', async () => {
    const quiet = { seed: 1, share: 0, rowsPerMs: 1, pageSize: 100, concurrency: 4 }
    expect((await walkUnderChurn({ ...quiet, rows: 0 })).requests).toBe(1)
    expect((await walkUnderChurn({ ...quiet, rows: 99 })).requests).toBe(1)
    expect((await walkUnderChurn({ ...quiet, rows: 100 })).requests).toBe(2)
    expect((await walkUnderChurn({ ...quiet, rows: 150 })).requests).toBe(2)
  })
})

describe('a list that cannot be walked', () => {
  const rowAt = (createdAt: number): OrganizationMembership => ({
    ...template,
    id: `orgmem_${createdAt}`,
    createdAt,
  })
  const rowsAt = (...times: number[]) => times.map(rowAt)

  it.each([
    [
      'in another order',
      () => ({ data: rowsAt(2, 1, 3), totalCount: 50 }),
      'the list is not in the order of creation that was asked for',
    ],
    [
      'that ends in the middle',
      () => ({ data: [], totalCount: 50 }),
      'a page in the middle of 50 memberships holds 0',
    ],
    [
      'that does not heed the offset',
      () => ({ data: rowsAt(1, 2, 3), totalCount: 50 }),
      'it goes on past its 50 memberships',
    ],
    [
      'in which everything is always new',
      (offset: number) =>
        offset === 0
          ? { data: rowsAt(1, 2, 3), totalCount: 50 }
          : { data: rowsAt(offset * 10 + 1, offset * 10 + 2, offset * 10 + 3), totalCount: 50 },
      'its pages do not fit together',
    ],
  ])('%s is an error, not a hang', async (_, pageAt, message) => {
    let asked = 0
    const readPage = async ({ offset }: { offset: number }) => {
      asked += 1
      // Nothing before the first page is ever found again.
      return pageAt(offset === 0 && asked > 1 ? 1 : offset)
    }
    const walk = walkPages({
      pageSize: 3,
      concurrency: 1,
      direction: 1,
      signal: undefined,
      readPage,
      errorFor: (error) => error,
    })
    const error = await rejectionOf(drain(walk))
    expect(error).toBeInstanceOf(WalkError)
    expect(String(error)).toContain(message)
    expect(asked).toBeLessThan(300)
  })
})
