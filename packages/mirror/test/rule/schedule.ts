import type { OrganizationMembership } from '@org-memberships/core'
import type { Claim } from '../../src/rows/claim.js'
import type { Moment, MemberId, Tables } from '../../src/rows/tables.js'
import { takeMoment } from '../../src/rows/tables.js'
import { readTrusted } from '../../src/rows/trusted.js'
import type { Rule } from './mutants.js'
import { said } from './rows.js'
import { Random } from './random.js'
import { type MembershipEvent, type Mode, type State, Upstream } from './upstream.js'

/** What went wrong in a schedule, in words. Empty: every law held. */
export type Violations = string[]

/** Work that is under way: each call does one step and returns the next one, or nothing at its end. */
type Step = () => Promise<Step | undefined>

const hold = 60

/**
 * One schedule: changes by others and by the mirror itself, events that come late, twice, in another order or never, two
 * refreshing processes, guards, a reconcile and crashes, mixed step by step. The laws are checked after every step.
 */
export class Schedule {
  readonly violations: Violations = []
  readonly upstream: Upstream
  readonly #random: Random
  readonly #organizationId: string
  readonly #members: readonly MemberId[]
  /** By user: the newest change that the mirror was told of, in a statement that has committed. */
  readonly #told = new Map<string, number>()
  readonly #versions = new Map<string, bigint>()
  /** By user: the newest change of our own whose response was stored. */
  readonly #shown = new Map<string, number>()
  #delivered: MembershipEvent[] = []
  #reconciling = false

  constructor(
    readonly tables: Tables,
    readonly rule: Rule,
    mode: Mode,
    readonly seed: number,
    /** Where the clock stands; it only goes forwards over the schedules of one database. */
    start: number,
    readonly onEvent: (event: MembershipEvent) => void = () => {},
    readonly onStep: (schedule: Schedule) => void = () => {},
  ) {
    this.#random = new Random(seed)
    this.upstream = new Upstream(mode, this.#random, start)
    this.#organizationId = `org_${mode.name}_${seed}`
    // The fewer they are, the more meets at one row.
    this.#members = ['user_a', 'user_b', 'user_c'].slice(seed % 3).map((userId) => ({
      organizationId: this.#organizationId,
      userId,
    }))
  }

  get members(): readonly MemberId[] {
    return this.#members
  }

  async run(): Promise<void> {
    const running: Step[] = []
    for (let step = 0; step < 40 && this.violations.length === 0; step += 1) {
      if (this.#random.chance(0.25)) this.upstream.now += this.#random.below(8)
      const goOn = running.length > 0 && (running.length > 4 || this.#random.chance(0.6))
      const current = goOn
        ? running.splice(this.#random.below(running.length), 1)[0]!
        : this.#begin()
      const next = await this.#tick(current)
      // One in thirty processes dies between two steps.
      if (next !== undefined && !this.#random.chance(0.03)) running.push(next)
      await this.#check()
      this.onStep(this)
    }
    for (const step of running) {
      let next: Step | undefined = step
      while (next !== undefined) next = await this.#tick(next)
      await this.#check()
    }
    await this.#settleDown()
  }

  async #tick(step: Step): Promise<Step | undefined> {
    await this.tables.database.query(`select set_config('mirror.now', $1, false)`, [
      String(this.upstream.now),
    ])
    return step()
  }

  #begin(): Step {
    const dice = this.#random.next()
    const member = this.#random.pick(this.#members)
    if (dice < 0.3) return () => this.#changeByOthers(member)
    if (dice < 0.5) return () => this.#deliver()
    if (dice < 0.7) return () => this.#refresh()
    if (dice < 0.82) return () => this.#readThrough(member)
    if (dice < 0.93 || this.#reconciling) return () => this.#ownWrite(member)
    return () => this.#reconcile()
  }

  async #changeByOthers(member: MemberId): Promise<undefined> {
    this.upstream.change(member, this.#possible(member))
  }

  #possible(member: MemberId): MembershipEvent['kind'] {
    if (this.upstream.current(member).membership === null) return 'created'
    return this.#random.chance(0.5) ? 'deleted' : 'updated'
  }

  async #deliver(): Promise<undefined> {
    const { events } = this.upstream
    const replayed = this.#delivered.length > 0 && this.#random.chance(0.1)
    if (!replayed && events.length === 0) return
    const event = replayed
      ? this.#random.pick(this.#delivered)
      : events.splice(this.#random.below(events.length), 1)[0]!
    await this.#receive(event)
  }

  async #receive(event: MembershipEvent): Promise<void> {
    await this.rule.invalidateMembers(this.tables, [event], {
      settle: this.upstream.mode.settle,
      delay: 0,
    })
    this.#delivered.push(event)
    this.#tell(event, event.index)
    this.onEvent(event)
  }

  #tell({ userId }: MemberId, index: number): void {
    this.#told.set(userId, Math.max(index, this.#told.get(userId) ?? 0))
  }

  async #refresh(): Promise<Step | undefined> {
    const claim = await this.rule.claimStaleMembers(this.tables, {
      lease: 30,
      window: 0,
      organizationId: this.#organizationId,
    })
    if (claim === undefined) return undefined
    const lag = this.upstream.lagOfRead()
    return async () => {
      const found = claim.userIds.map((userId) => this.#read(userId, lag))
      return () => this.#writeClaim(claim, found)
    }
  }

  async #writeClaim(claim: Claim, found: (OrganizationMembership | null)[]): Promise<undefined> {
    const readings = claim.userIds.map((userId, place) => ({
      organizationId: claim.organizationId,
      userId,
      membership: found[place]!,
    }))
    await this.rule.writeReadings(this.tables, readings, {
      moment: claim.moment,
      source: 'refresh',
      unknown: 'ignore',
      keepPrivateMetadata: false,
    })
  }

  #read(userId: string, lag: number): OrganizationMembership | null {
    return this.upstream.read({ organizationId: this.#organizationId, userId }, lag)
  }

  async #readThrough(member: MemberId): Promise<Step> {
    const moment = await takeMoment(this.tables)
    const lag = this.upstream.lagOfRead()
    return async () => {
      const membership = this.#read(member.userId, lag)
      return async () => {
        await this.rule.writeReadings(this.tables, [{ ...member, membership }], {
          moment,
          source: 'read',
          unknown: 'insert',
          keepPrivateMetadata: false,
        })
        return undefined
      }
    }
  }

  async #ownWrite(member: MemberId): Promise<Step> {
    const { settle } = this.upstream.mode
    const pendingWrite = await this.rule.beginWrite(this.tables, member, { hold, settle })
    const begun = this.upstream.now
    return async () => {
      // Held up for longer than the hold, it is given up by everybody on the way.
      if (this.upstream.now >= begun + hold) return undefined
      const done = this.upstream.change(member, this.#possible(member))
      // The row was made stale before: it is not fresh again without this change, whatever becomes of the answer.
      if (done !== undefined) this.#tell(member, done.index)
      // Lost: nobody here knows what became of it, and a hint or a reconcile tells.
      if (this.#random.chance(0.2)) return undefined
      return () => this.#answerOwnWrite(member, pendingWrite, done)
    }
  }

  async #answerOwnWrite(
    member: MemberId,
    pendingWrite: string,
    done: State | undefined,
  ): Promise<Step | undefined> {
    if (done === undefined) {
      await this.rule.endWrite(this.tables, member, pendingWrite)
      return undefined
    }
    const moment = await takeMoment(this.tables)
    return async () => {
      const { added, changed, removed } = await this.rule.writeResponse(
        this.tables,
        { ...member, membership: done.membership },
        {
          moment,
          pendingWrite,
          settle: this.upstream.mode.settle,
          actor: undefined,
          keepPrivateMetadata: false,
        },
      )
      // Stored, it is not undone by a replica that is behind.
      if (added + changed + removed > 0) this.#shown.set(member.userId, done.index)
      return undefined
    }
  }

  /** Two pages, and what they left out. */
  async #reconcile(): Promise<Step> {
    this.#reconciling = true
    const moment = await takeMoment(this.tables)
    const lag = this.upstream.lagOfRead()
    return this.#reconcilePage(moment, moment, 0, lag)
  }

  #reconcilePage(start: Moment, moment: Moment, place: number, lag: number): Step {
    return async () => {
      const readings = this.#members
        .slice(place, place + 2)
        .map((member) => said(member, this.#read(member.userId, lag)))
        .filter(({ membership }) => membership !== null)
      return async () => {
        const { next } = await this.rule.writeReadings(this.tables, readings, {
          moment,
          source: 'reconcile',
          unknown: 'insert',
          keepPrivateMetadata: false,
        })
        if (place === 0) return this.#reconcilePage(start, next, 2, this.upstream.lagOfRead())
        return async () => {
          await this.rule.invalidateMissing(this.tables, this.#organizationId, start.version, {
            allowRemovals: false,
          })
          this.#reconciling = false
          return undefined
        }
      }
    }
  }

  /** Everything is delivered and answered, and one reconcile has run: the table is what the API says. */
  async #settleDown(): Promise<void> {
    for (const event of this.upstream.events.splice(0)) {
      await this.#tick(() => this.#receive(event).then(() => undefined))
    }
    await this.#drain()
    await this.#runToItsEnd(() => this.#reconcile())
    await this.#drain()
    if (this.violations.length > 0) return
    await this.#check()
    const { quoted, database } = this.tables
    const { rows } = await database.query(
      `select user_id, membership::text as membership, stale_version::text as stale from ${quoted}.memberships where organization_id = $1`,
      [this.#organizationId],
    )
    for (const member of this.#members) {
      const row = rows.find(({ user_id: userId }) => userId === member.userId)
      const expected = this.upstream.current(member).membership
      const shown = indexOf(row?.membership ?? null)
      if (row !== undefined && row.stale !== null) this.#violate(5, `${member.userId} stays stale`)
      if (shown !== (expected === null ? null : (expected.publicMetadata.index as number))) {
        this.#violate(
          5,
          `${member.userId} is ${shown}, and ${JSON.stringify(expected?.publicMetadata)} upstream`,
        )
      }
    }
    await this.#foldFeed(
      rows.map(({ user_id: userId, membership }) => [userId!, membership ?? null]),
    )
  }

  /** Reads until nothing is stale; a lease, a hold or a settling may have to end first. */
  async #drain(): Promise<void> {
    const { quoted, database } = this.tables
    for (let round = 0; round < 12; round += 1) {
      this.upstream.now += 100
      await this.#runToItsEnd(() => this.#refresh())
      const { rows } = await database.query(
        `select 1 as stale from ${quoted}.memberships where organization_id = $1 and stale_version is not null limit 1`,
        [this.#organizationId],
      )
      if (rows.length === 0) return
    }
  }

  async #runToItsEnd(step: Step): Promise<void> {
    let next: Step | undefined = step
    while (next !== undefined) next = await this.#tick(next)
  }

  async #check(): Promise<void> {
    const { quoted, database } = this.tables
    const { rows } = await database.query(
      `select user_id, membership::text as membership, version::text as version, stale_version::text as stale
from ${quoted}.memberships where organization_id = $1`,
      [this.#organizationId],
    )
    for (const row of rows) {
      const userId = row.user_id as string
      const version = BigInt(row.version as string)
      if (version < (this.#versions.get(userId) ?? 0n)) this.#violate(2, `${userId} went back`)
      this.#versions.set(userId, version)
      const own = this.#shown.get(userId)
      if (own !== undefined && !this.#isSince(userId, own, indexOf(row.membership ?? null))) {
        this.#violate(7, `${userId} shows a state from before our write ${own}`)
      }
      if (row.stale !== null && !(await this.#isTrusted(userId))) continue
      const told = this.#told.get(userId) ?? 0
      const shown = indexOf(row.membership ?? null)
      const good = this.#isSince(userId, told, shown)
      if (!good) this.#violate(1, `${userId} is believed as ${shown}, and change ${told} was told`)
    }
  }

  /** As a guard sees it: the response to a write of ours is believed before replicas have settled. */
  async #isTrusted(userId: string): Promise<boolean> {
    if (this.upstream.mode.settle === 0) return false
    const member = { organizationId: this.#organizationId, userId }
    const { state } = await readTrusted(this.tables, member, Number.MAX_SAFE_INTEGER)
    return state === 'trusted'
  }

  /** Whether content is the state after a change, or a later one. */
  #isSince(userId: string, change: number, shown: number | null): boolean {
    if (shown !== null) return shown >= change
    const states = this.upstream.statesOf({ organizationId: this.#organizationId, userId })
    return states.some((state) => state.membership === null && state.index >= change)
  }

  async #foldFeed(table: readonly (readonly [string, string | null])[]): Promise<void> {
    const { quoted, database } = this.tables
    const { rows } = await database.query(
      `select user_id, kind, before::text as before, after::text as after from ${quoted}.changes where organization_id = $1 order by number`,
      [this.#organizationId],
    )
    const folded = new Map<string, string | null>()
    for (const { user_id: userId, before, after } of rows) {
      if ((folded.get(userId!) ?? null) !== before)
        this.#violate(6, `${userId} changed from what it was not`)
      folded.set(userId!, after ?? null)
    }
    for (const [userId, membership] of table) {
      if ((folded.get(userId) ?? null) !== membership) this.#violate(6, `${userId} differs`)
    }
  }

  #violate(law: number, what: string): void {
    this.violations.push(`law ${law}: ${what}`)
  }
}

/** Which state the content is; null: no member. */
function indexOf(membership: string | null): number | null {
  if (membership === null) return null
  return (JSON.parse(membership) as OrganizationMembership).publicMetadata.index as number
}
