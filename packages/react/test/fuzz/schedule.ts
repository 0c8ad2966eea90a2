import {
  mergeMetadata,
  type OrganizationMembership,
  type OrganizationMembershipPage,
  type OrganizationMembershipQuery,
} from '@org-memberships/core'
import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../../src/members/presence.js'
import { organizationMembershipsKey, type PageKey } from '../../src/pages/keys.js'
import type { OrganizationMembershipsAPI, RevalidateMode } from '../../src/types.js'
import type { Face } from './face.js'
import { ModelServer } from './model-server.js'
import { Random } from './random.js'
import { busy, type ScheduleKind } from './schedule-kind.js'

export interface ScheduleCounts {
  steps: number
  checks: number
  rows: number
  /** Pages at settle that writes have something to do with, and how many of them claim to be exact all the same. */
  pages: number
  exactPages: number
}

export type OpenFace = (api: OrganizationMembershipsAPI, random: Random, id: string) => Face

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

/**
 * One seeded run: writes, failures, delays, aborts, lists that come and go, suspend, are preloaded or seeded, changes by
 * others and users who change. Held against the laws at every step and at the end (src/members/LAWS.md).
 */
export class Schedule {
  readonly counts: ScheduleCounts = { steps: 0, checks: 0, rows: 0, pages: 0, exactPages: 0 }
  readonly #kind: ScheduleKind
  readonly #random: Random
  readonly #server: ModelServer
  readonly #face: Face
  readonly #keys: readonly PageKey[]
  readonly #mode: RevalidateMode
  readonly #othersChange: number
  readonly #resets: number
  readonly #pending = new Set<PendingWrite>()
  readonly #aborts = new Set<AbortController>()
  #wrong: string | undefined

  constructor(seed: number, open: OpenFace, kind = busy) {
    this.#kind = kind
    const random = new Random(seed)
    this.#random = random
    // Few lists or many: writes are easily kept when everything is refetched all the time.
    const share = random.next()
    const keys = queries.map((query) => organizationMembershipsKey(`org_${seed}`, query))
    this.#keys = keys.filter((_, index) => index === 0 || random.chance(share))
    this.#mode = random.pick(kind.modes)
    this.#othersChange = random.chance(0.2) ? 0.04 : 0
    this.#resets = random.chance(0.15) ? 0.03 : 0
    this.#server = new ModelServer(random, 4 + random.below(8))
    if (this.#mode === 'auto') this.#server.listFailures = 0
    this.#face = open(this.#server.api, random, `org_${seed}`)
    this.#face.isPaused = this.#mode === false && random.chance(0.6)
    for (const key of this.#keys) {
      if (random.chance(0.25)) this.#face.seed(key, this.#server.list(key[3]))
      if (random.chance(0.5)) this.#face.show(key, random.chance(0.3))
    }
  }

  async run(steps: number): Promise<void> {
    try {
      await this.#face.settle()
      for (let step = 0; step < steps; step += 1) {
        this.#act()
        await this.#face.settle()
        this.#checkWhileRunning()
        this.counts.steps += 1
      }
      await this.#drain()
      if (this.#random.chance(0.5)) this.#face.organization.prune()
      this.#checkAtSettle()
      await this.#refetchAll()
      this.#face.organization.prune()
      this.#expect(1, this.#face.organization.table.written.size === 0, 'no write is left')
      for (const key of this.#keys) this.#checkExact(key, 'after a refetch')
    } finally {
      this.#face.close()
    }
  }

  #act(): void {
    const random = this.#random
    const roll = random.next()
    const { below } = this.#kind
    const key = random.pick(this.#keys)
    if (random.chance(this.#othersChange)) this.#server.changeByOther()
    if (random.chance(this.#resets)) this.#reset()
    if (roll < below.write) this.#write()
    else if (roll < below.refetch) this.#face.refetch(key)
    else if (roll < below.preload) this.#face.preload(key)
    else if (roll < below.show) this.#face.show(key, random.chance(0.4))
    else if (roll < below.hide) this.#face.hide(key)
    else if (roll < below.abort && this.#aborts.size > 0) random.pick([...this.#aborts]).abort()
    else if (roll < below.prune) this.#face.organization.prune()
    else if (this.#server.steps.size > 0) random.pick([...this.#server.steps]).run()
  }

  #reset(): void {
    for (const { userId } of this.#pending) this.#server.uncertain.add(userId)
    this.#server.era += 1
    this.#face.reset()
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
    const ended = (answer?: unknown) => {
      this.#pending.delete(write)
      this.#aborts.delete(controller)
      if (answer) this.#checkOutcome(write, answer as OrganizationMembership)
    }
    this.#face.write({ ...write, revalidate: this.#mode, signal }).then(ended, () => ended())
  }

  #randomChange(userId: string): Change {
    const role = this.#random.pick(['org:admin', 'org:member', 'org:guest'])
    const describe = { permissions: [], roleName: 'draft' }
    const roll = this.#random.next()
    if (roll < 0.25) {
      const organization = this.#face.organization.table.organizationInRows
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

  async #drain(): Promise<void> {
    for (let step = 0; this.#server.steps.size > 0; step += 1) {
      this.#expect(4, step < 2000, 'requests come to an end')
      this.#random.pick([...this.#server.steps]).run()
      await this.#face.settle()
    }
    this.#expect(5, this.#pending.size === 0, 'every trigger has settled')
    this.#expect(5, this.#wrong === undefined, this.#wrong ?? '')
  }

  async #refetchAll(): Promise<void> {
    this.#server.listFailures = 0
    for (const key of this.#keys) {
      this.#face.show(key, false)
      await this.#face.settle()
      this.#face.refetch(key)
    }
    await this.#drain()
    this.#server.uncertain.clear()
  }

  // ---- the laws

  /** Law 5. A promise cannot throw into the schedule, so what is wrong is kept. */
  #checkOutcome({ userId, change }: PendingWrite, answer: OrganizationMembership): void {
    const isOwn =
      answer.publicUserData?.userId === userId &&
      ((change.kind !== 'update' && change.kind !== 'create') || answer.role === change.role)
    if (!isOwn)
      this.#wrong ??= `a ${change.kind} of ${userId} settled with ${JSON.stringify(answer)}`
  }

  /** Laws 1 to 3. Of a row that is on the screen: what the server has, with the writes that wait applied in their order. */
  #checkWhileRunning(): void {
    const expectations = this.#expectedRows()
    for (let user = 0; user < 12; user += 1) {
      const known = this.#face.organization.table.find(`user_${user}`).data
      const isOwn = !known || known.organization.name === this.#server.organization.name
      this.#expect(3, isOwn, `user_${user} is known as ${known?.organization.name} had it`)
    }
    for (const { key, page: shown } of this.#face.views()) {
      for (const row of shown.data) {
        const { userId } = row.publicUserData!
        this.#expect(
          3,
          row.organization.name === this.#server.organization.name,
          `${userId} is shown to ${this.#server.organization.name} as ${row.organization.name} had it`,
        )
        const expected = expectations.get(userId)
        if (!expected) continue
        this.counts.checks += 1
        this.#expect(
          1,
          row.role === expected.role,
          `${key[3].limit}/${key[3].offset} shows ${userId} as ${row.role}, not ${expected.role}`,
        )
        this.#expect(
          1,
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
      if (this.#server.uncertain.has(userId) || this.#server.foreign.has(userId)) continue
      if (!ofUser.every(({ optimistic }) => optimistic)) continue
      // A write that the server is about to refuse, or has refused, is shown until its answer is there.
      const row = expectedRow(this.#server.members.get(userId), ofUser)
      if (row) expected.set(userId, row)
    }
    return expected
  }

  /** Laws 1, 2 and 4, before anything that was not due has been fetched again. */
  #checkAtSettle(): void {
    const { uncertain, foreign } = this.#server
    const isCertain = uncertain.size === 0 && foreign.size === 0
    for (const { key, base, page, certainty, isOptimistic } of this.#face.views()) {
      if (page !== base || certainty !== 'exact') {
        this.counts.pages += 1
        if (certainty === 'exact') this.counts.exactPages += 1
      }
      const place = `limit ${key[3].limit}, offset ${key[3].offset}, role ${key[3].role}`
      this.#expect(2, !isOptimistic, 'nothing is optimistic when all has settled')
      if (this.#mode === 'auto')
        this.#expect(4, certainty === 'exact', `${place}: fetched where due`)
      const all = this.#server.list({ ...key[3], limit: 500, offset: 0 })
      const matching = new Map(all.data.map((row) => [row.publicUserData!.userId, row]))
      const shown = new Set<string>()
      for (const row of page.data) {
        const { userId } = row.publicUserData!
        this.#expect(4, !shown.has(userId), `${place}: ${userId} is shown twice`)
        shown.add(userId)
        if (uncertain.has(userId) || foreign.has(userId)) continue
        this.counts.rows += 1
        this.#expect(
          1,
          isDeepStrictEqual(row, matching.get(userId)),
          `${place}: ${userId} is shown as ${JSON.stringify(row)}`,
        )
      }
      const isFull = page.data.length >= key[3].limit
      for (const row of base.data) {
        const { userId } = row.publicUserData!
        if (isFull || !matching.has(userId)) continue
        if (uncertain.has(userId) || foreign.has(userId)) continue
        if (matching.get(userId)!.id !== row.id) continue
        this.#expect(2, shown.has(userId), `${place}: ${userId} is missing`)
      }
      if (certainty === 'exact' && isCertain) this.#checkExact(key, 'before any refetch')
    }
  }

  #checkExact(key: PageKey, when: string): void {
    const expected = this.#server.list(key[3])
    const page = this.#face.views().find((view) => view.key === key)?.page
    this.counts.checks += 1
    this.#expect(
      4,
      isDeepStrictEqual(page, expected),
      `${JSON.stringify(key[3])} is exact ${when}: shows ${page && summary(page)}, not ${summary(expected)}`,
    )
  }

  #expect(law: Law, holds: boolean, what: string): void {
    if (!holds) throw new Error(`Law ${law}, ${laws[law]}, does not hold: ${what}`)
  }
}

/** As src/members/LAWS.md has them. */
const laws = {
  1: 'a confirmed write is never lost',
  2: 'a failed write takes back only itself',
  3: 'nothing of another organization or user is shown',
  4: 'what is not known is not claimed',
  5: 'every trigger settles with its own outcome',
}

type Law = keyof typeof laws

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

/** Runs the schedules of many seeds; the first that fails says which seed it was. */
export async function runSchedules(
  { from, count, steps, kind }: { from: number; count: number; steps: number; kind?: ScheduleKind },
  open: OpenFace,
): Promise<ScheduleCounts> {
  const sum: ScheduleCounts = { steps: 0, checks: 0, rows: 0, pages: 0, exactPages: 0 }
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      const schedule = new Schedule(seed, open, kind)
      await schedule.run(steps)
      for (const key of Object.keys(sum) as (keyof ScheduleCounts)[]) {
        sum[key] += schedule.counts[key]
      }
    } catch (error) {
      throw new Error(`Seed ${seed} fails.`, { cause: error })
    }
  }
  // What always says "incomplete" would never be wrong.
  if (sum.exactPages < exactShare * sum.pages) {
    throw new Error(
      `Only ${sum.exactPages} of ${sum.pages} pages that were written to are exact at settle.`,
    )
  }
  return sum
}

const exactShare = 0.35
