import {
  mergeMetadata,
  type OrganizationMembership,
  type OrganizationMembershipPage,
  type OrganizationMembershipQuery,
} from '@org-memberships/core'
import { isDeepStrictEqual } from 'node:util'
import { organizationMembershipsKey, type PageKey } from '../../src/pages/keys.js'
import type { Organization } from '../../src/organization.js'
import type { Change } from '../../src/members/presence.js'
import { ModelServer } from './model-server.js'
import { Random } from './random.js'

/** The class under test, so that a mutated copy of it can be put in its place. */
export type OrganizationClass = typeof Organization

export interface ScheduleCounts {
  steps: number
  checks: number
  rows: number
  /** Pages at settle, and how many of them claimed to be exact. */
  pages: number
  exactPages: number
}

const queries: readonly OrganizationMembershipQuery[] = [
  { limit: 500 },
  { limit: 3 },
  { limit: 3, offset: 3 },
  { limit: 3, offset: 6 },
  { limit: 4, orderBy: 'created_at' },
  { limit: 4, offset: 4, orderBy: 'created_at' },
  { limit: 5, orderBy: 'last_name' },
  { limit: 3, role: 'org:admin' },
  { limit: 500, role: ['org:member', 'org:guest'] },
  { limit: 2, role: 'org:member', offset: 2 },
  { limit: 500, query: '1' },
  { limit: 1, userId: 'user_1' },
]

interface PendingWrite {
  readonly userId: string
  readonly change: Change
  readonly optimistic: boolean
}

/** One seeded run: random writes, failures, delays, refetches and aborts, checked at every step and at the end. */
export class Schedule {
  readonly counts: ScheduleCounts = { steps: 0, checks: 0, rows: 0, pages: 0, exactPages: 0 }
  readonly #random: Random
  readonly #server: ModelServer
  readonly #store: Organization
  readonly #cache = new Map<PageKey, OrganizationMembershipPage>()
  readonly #keys: readonly PageKey[]
  readonly #pending = new Set<PendingWrite>()
  readonly #aborts = new Set<AbortController>()

  constructor(seed: number, Store: OrganizationClass) {
    this.#random = new Random(seed)
    // Few lists or many: a log is easily kept when everything is refetched all the time.
    const share = this.#random.next()
    const keys = queries.map((query) => organizationMembershipsKey('org_1', query))
    this.#keys = keys.filter((_, index) => index === 0 || this.#random.chance(share))
    this.#server = new ModelServer(this.#random, 4 + this.#random.below(8))
    this.#store = new Store('org_1', this.#server.api)
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      this.#act()
      await settlePromises()
      this.#checkWhileRunning()
      this.counts.steps += 1
    }
    await this.#drain()
    if (this.#random.chance(0.5)) this.#store.prune()
    this.#checkAtSettle()
    await this.#refetchAll()
    this.#store.prune()
    this.#expect(this.#store.table.written.size === 0, 'the log is empty after a refetch')
    for (const key of this.#cache.keys()) this.#checkExact(key, 'after a refetch')
  }

  #act(): void {
    const roll = this.#random.next()
    if (roll < 0.3) this.#write()
    else if (roll < 0.45) this.#fetch(this.#random.pick(this.#keys))
    else if (roll < 0.48 && this.#aborts.size > 0) this.#random.pick([...this.#aborts]).abort()
    else if (roll < 0.55) this.#store.prune()
    else if (this.#server.steps.size > 0) this.#random.pick([...this.#server.steps]).run()
  }

  #write(): void {
    const userId = `user_${this.#random.below(12)}`
    const optimistic = this.#random.chance(0.85)
    const change = this.#randomChange(userId)
    const controller = new AbortController()
    const write = { userId, change, optimistic }
    this.#pending.add(write)
    this.#aborts.add(controller)
    const { signal } = controller
    signal.addEventListener('abort', () => {
      // It may be under way in one request with others, which goes on for them and is shown until it ends.
      const others = [...this.#pending].filter((other) => other.userId === userId)
      if (others.length > 1) this.#server.uncertain.add(userId)
    })
    const ended = () => {
      this.#pending.delete(write)
      this.#aborts.delete(controller)
    }
    this.#store.write({ userId, change, optimistic, revalidate: false, signal }).then(ended, ended)
  }

  #randomChange(userId: string): Change {
    const role = this.#random.pick(['org:admin', 'org:member', 'org:guest'])
    const describe = { permissions: [], roleName: 'draft' }
    const roll = this.#random.next()
    if (roll < 0.25) {
      const { organization } = this.#store.table
      const user = { userId, firstName: null, lastName: null, imageUrl: '', hasImage: false }
      const draft = organization && {
        id: `draft:${userId}`,
        role,
        ...describe,
        publicMetadata: {},
        organization,
        publicUserData: user,
        createdAt: 5,
        updatedAt: 5,
      }
      return draft ? { kind: 'create', role, draft } : { kind: 'create', role }
    }
    if (roll < 0.5) return { kind: 'update', role, ...describe }
    if (roll < 0.7) return { kind: 'delete' }
    const key = this.#random.pick(['a', 'b', 'c', 'd'])
    const value = this.#random.pick([null, 1, { b: 1 }, { b: null, c: 2 }, { c: { d: 1 } }])
    return { kind: 'updateMetadata', publicMetadata: { [key]: value } }
  }

  /** As SWR does: what lands goes into the cache, unless a request that started later has landed already. */
  #fetch(key: PageKey): void {
    const { signal } = new AbortController()
    const id = JSON.stringify(key)
    this.#store.fetchPage(key, { cache: this.#cache, id, listId: id }, signal).then(
      (page) => this.#cache.set(key, page),
      () => {},
    )
  }

  async #drain(): Promise<void> {
    while (this.#server.steps.size > 0) {
      this.#random.pick([...this.#server.steps]).run()
      await settlePromises()
    }
    this.#expect(this.#pending.size === 0, 'every trigger has settled')
  }

  async #refetchAll(): Promise<void> {
    this.#server.listFailures = 0
    for (const key of this.#keys) this.#fetch(key)
    await this.#drain()
    this.#server.uncertain.clear()
  }

  /** Of a row that is on the screen: what the server has, with the writes that wait applied in their order. */
  #checkWhileRunning(): void {
    const expectations = this.#expectedRows()
    if (expectations.size === 0) return
    for (const [key, page] of this.#cache) {
      const { page: shown } = this.#store.projector.project(page, key)
      for (const row of shown.data) {
        const { userId } = row.publicUserData!
        const expected = expectations.get(userId)
        if (!expected) continue
        this.counts.checks += 1
        this.#expect(
          row.role === expected.role,
          `${key[3].limit}/${key[3].offset} shows ${userId} as ${row.role}, not ${expected.role}`,
        )
        this.#expect(
          isDeepStrictEqual(row.publicMetadata, expected.publicMetadata),
          `the metadata of ${userId} is ${JSON.stringify(row.publicMetadata)}`,
        )
      }
    }
  }

  /** For each user to whom optimistic writes are pending, where it can be told. */
  #expectedRows(): Map<string, ExpectedRow> {
    const writes = new Map<string, PendingWrite[]>()
    for (const write of this.#pending) {
      writes.set(write.userId, [...(writes.get(write.userId) ?? []), write])
    }
    const expected = new Map<string, ExpectedRow>()
    for (const [userId, ofUser] of writes) {
      if (this.#server.uncertain.has(userId)) continue
      if (!ofUser.every(({ optimistic }) => optimistic)) continue
      // A write that the server is about to refuse, or has refused, is shown until its answer is there.
      const row = expectedRow(this.#server.members.get(userId), ofUser)
      if (row) expected.set(userId, row)
    }
    return expected
  }

  #checkAtSettle(): void {
    for (const [key, base] of this.#cache) {
      const { page, certainty, isOptimistic } = this.#store.projector.project(base, key)
      this.counts.pages += 1
      if (certainty === 'exact') this.counts.exactPages += 1
      const all = this.#server.list({ ...key[3], limit: 500, offset: 0 })
      const matching = new Map(all.data.map((row) => [row.publicUserData!.userId, row]))
      const place = `limit ${key[3].limit}, offset ${key[3].offset}, role ${key[3].role}`
      this.#expect(!isOptimistic, 'nothing is optimistic when all has settled')
      const shown = new Set<string>()
      for (const row of page.data) {
        const { userId } = row.publicUserData!
        this.#expect(!shown.has(userId), `${place}: ${userId} is shown twice`)
        shown.add(userId)
        if (this.#server.uncertain.has(userId)) continue
        this.counts.rows += 1
        this.#expect(
          isDeepStrictEqual(row, matching.get(userId)),
          `${place}: ${userId} is shown as ${JSON.stringify(row)}`,
        )
      }
      const isFull = page.data.length >= key[3].limit
      for (const row of base.data) {
        const { userId } = row.publicUserData!
        if (isFull || !matching.has(userId) || this.#server.uncertain.has(userId)) continue
        if (matching.get(userId)!.id !== row.id) continue
        this.#expect(shown.has(userId), `${place}: ${userId} is missing`)
      }
      if (certainty === 'exact' && this.#server.uncertain.size === 0) {
        this.#checkExact(key, 'before any refetch')
      }
    }
  }

  #checkExact(key: PageKey, when: string): void {
    const { page } = this.#store.projector.project(this.#cache.get(key)!, key)
    const expected = this.#server.list(key[3])
    this.counts.checks += 1
    this.#expect(
      isDeepStrictEqual(page, expected),
      `${JSON.stringify(key[3])} is exact ${when}: shows ${summary(page)}, not ${summary(expected)}`,
    )
  }

  #expect(holds: boolean, what: string): void {
    if (!holds) throw new Error(`Does not hold: ${what}`)
  }
}

type ExpectedRow = Pick<OrganizationMembership, 'role' | 'publicMetadata'>

/** `undefined` where the server would refuse one of the writes. */
function expectedRow(
  row: OrganizationMembership | undefined,
  writes: readonly PendingWrite[],
): ExpectedRow | undefined {
  let expected: ExpectedRow | undefined = row
  for (const { change } of writes) {
    if (change.kind === 'create' || change.kind === 'delete' || !expected) return undefined
    expected =
      change.kind === 'update'
        ? { ...expected, role: change.role }
        : {
            ...expected,
            publicMetadata: mergeMetadata(expected.publicMetadata, change.publicMetadata),
          }
  }
  return expected
}

function summary({ data, totalCount }: OrganizationMembershipPage): string {
  return `${totalCount}: ${data.map((row) => `${row.id}=${row.role}`).join(' ')}`
}

async function settlePromises(): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await Promise.resolve()
  }
}

/** Runs the schedules of many seeds; the first that fails says which seed it was. */
export async function runSchedules(
  seeds: { from: number; count: number; steps: number },
  Store: OrganizationClass,
): Promise<ScheduleCounts> {
  const sum: ScheduleCounts = { steps: 0, checks: 0, rows: 0, pages: 0, exactPages: 0 }
  for (let seed = seeds.from; seed < seeds.from + seeds.count; seed += 1) {
    const schedule = new Schedule(seed, Store)
    try {
      await schedule.run(seeds.steps)
    } catch (error) {
      throw new Error(`Seed ${seed} fails.`, { cause: error })
    }
    sum.steps += schedule.counts.steps
    sum.checks += schedule.counts.checks
    sum.rows += schedule.counts.rows
    sum.pages += schedule.counts.pages
    sum.exactPages += schedule.counts.exactPages
  }
  // An overlay that always says "incomplete" would never be wrong.
  if (sum.exactPages < 0.35 * sum.pages) {
    throw new Error(`Only ${sum.exactPages} of ${sum.pages} pages are exact at settle.`)
  }
  return sum
}
