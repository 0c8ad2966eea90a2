import { setTimeout as wait } from 'node:timers/promises'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { fromOrganizationMembershipJSON } from '@org-memberships/core/contract'
import { createEmulator, type EmulatorEvent } from '@org-memberships/emulator'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromPool } from '../src/database/pg.js'
import { createOrganizationMembershipsMirror, migrate, type MirrorEvent } from '../src/index.js'
import { guardedUpsert, naiveUpsert } from '../test/rule/naive.js'
import { Random } from '../test/rule/random.js'
import { type PostgresServer, startPostgres } from '../test/support/postgres-server.js'
import { Fleet, type MemberIds, ProcessGone } from './fleet/fleet.js'
import { History, keyOf, type State } from './fleet/history.js'

// Four processes, each with a worker, over one real PostgreSQL and one API: changes by others and by themselves, events
// that come late, twice, in another order or never, processes that are killed in the middle, and guards that ask all the
// while. It is the laws of the rule once more, in real time and over real connections.
const seconds = Number(process.env['MIRROR_SECONDS'] ?? 35)
const seed = Number(process.env['MIRROR_SEED'] ?? Date.now() % 1_000_000)

interface Mode {
  readonly name: string
  readonly lag: number
  readonly settle: number
  readonly drop: number
  readonly crash: boolean
}

const modes: readonly Mode[] = [
  { name: 'normal', lag: 0, settle: 20, drop: 0.1, crash: true },
  { name: 'lagging', lag: 40, settle: 70, drop: 0.1, crash: true },
  { name: 'lossless', lag: 0, settle: 20, drop: 0, crash: false },
]

/** What timers and the way from one process to another may add to the API's lag. */
const slack = 25

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe.each(modes)('four processes, $name', (mode) => {
  it(
    'show nobody who is known to be removed, and end as the API is',
    { timeout: (seconds + 120) * 1000 },
    async () => {
      const report = await run(mode)
      console.log(
        `${mode.name}, seed ${seed}: ${JSON.stringify({ ...report, wrong: report.wrong.length })}`,
      )
      expect(report.wrong.slice(0, 10)).toEqual([])
      expect(report.differences).toEqual([])
      expect(report.feedDifferences).toEqual([])
      expect(report.asked).toBeGreaterThan(seconds)
      expect(report.changes).toBeGreaterThan(seconds)
    },
  )
})

async function run(mode: Mode) {
  const random = new Random(seed)
  const schema = `fleet_${mode.name}`
  const users = Array.from({ length: 6 }, (_, index) => `user_${index}`)
  const organizations = ['org_a', 'org_b']
  await using emulator = await createEmulator({
    lag: mode.lag,
    keptRequests: 0,
    seed: {
      users: users.map((id) => ({ id })),
      organizations: organizations.map((id) => ({ id, max_allowed_memberships: 0 })),
    },
  })
  const pool = new Pool(server.connection)
  const database = fromPool(pool)
  await migrate(database, { schema })
  const client = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
  const options = {
    schema,
    settle: mode.settle,
    refreshWindow: 5,
    trustFor: 3_600_000,
    hold: 1_500,
    reconcileEvery: 4_000,
  }
  const wrong: string[] = []
  let changes = 0
  let asked = 0
  let crashes = 0
  const naive = { table: naiveUpsert(), receive: 0 }
  const guarded = { table: guardedUpsert(), receive: 0 }
  const history = new History()
  const current = new Map<string, { index: number; isMember: boolean }>()
  {
    await using fleet = new Fleet(4, {
      baseURL: emulator.url,
      secretKey: emulator.secretKey,
      connection: server.connection,
      mirror: options,
    })
    const anyProcess = () => random.below(fleet.size)
    const deliveries = new Set<Promise<void>>()
    const deliver = async (event: EmulatorEvent, state: State, change: Change) => {
      await wait(random.below(150))
      for (;;) {
        try {
          await fleet.receive(anyProcess(), event as MirrorEvent)
          break
        } catch (error) {
          // Not acknowledged, so it is sent again.
          if (!(error instanceof ProcessGone)) throw error
          await wait(20)
        }
      }
      state.told = Math.min(state.told, Date.now())
      naive.table.receive(change)
      guarded.table.receive(change)
    }
    emulator.onEvent((event) => {
      if (!event.type.startsWith('organizationMembership.')) return
      const membership = fromOrganizationMembershipJSON(event.data)
      const ids = {
        organizationId: membership.organization.id,
        userId: membership.publicUserData?.userId as string,
      }
      const kind = event.type.split('.')[1] as Change['kind']
      changes += 1
      const state = history.changed(ids, kind === 'deleted' ? null : membership)
      const place = `${ids.organizationId}/${ids.userId}`
      current.set(place, { index: changes, isMember: kind !== 'deleted' })
      const change = { ...ids, userId: place, kind, index: changes, membership }
      const times = random.chance(mode.drop) ? 0 : random.chance(0.2) ? 2 : 1
      for (let time = 0; time < times; time += 1) {
        const delivery = deliver(event, state, change)
        deliveries.add(delivery)
        void delivery.finally(() => deliveries.delete(delivery)).catch(() => {})
      }
    })

    await fleet.started()
    const end = Date.now() + seconds * 1000
    const someone = (): MemberIds => ({
      organizationId: organizations[random.below(organizations.length)] as string,
      userId: users[random.below(users.length)] as string,
    })
    const during = async (step: () => Promise<unknown>, pause: number) => {
      while (Date.now() < end) {
        // What a change meets (a member who is there, or not) is left to chance, and so is a process that dies.
        await step().catch((error: unknown) => {
          if (error instanceof ProcessGone || isRefusal(error)) return
          throw error
        })
        await wait(random.below(pause))
      }
    }
    const change = (send: typeof fleet.write) => async () => {
      const ids = someone()
      const publicMetadata = { mark: random.below(1_000_000) }
      const role = random.chance(0.5) ? 'org:admin' : 'org:member'
      const process = anyProcess()
      const commands = [
        () => send(process, 'create', { ...ids, role, publicMetadata }),
        () => send(process, 'delete', ids),
        () => send(process, 'update', { ...ids, role }),
        () => send(process, 'updateMetadata', { ...ids, publicMetadata }),
      ]
      await commands[random.below(commands.length)]?.()
    }
    const byOthers = change((_, command, params) => client[command](params as never))
    const byUs = change((process, command, params) => fleet.write(process, command, params))
    const guard = async () => {
      const ids = someone()
      const begun = Date.now()
      const answer = await fleet.get(anyProcess(), ids)
      asked += 1
      const complaint = history.wrong(ids, answer, begun, mode.lag + slack)
      if (complaint !== undefined) wrong.push(complaint)
    }
    const crash = async () => {
      await wait(3000)
      crashes += 1
      await fleet.crash(anyProcess())
    }
    await Promise.all([
      during(byOthers, 40),
      during(byOthers, 40),
      during(byUs, 80),
      ...Array.from({ length: 4 }, () => during(guard, 10)),
      ...(mode.crash ? [during(crash, 3000)] : []),
    ])
    while (deliveries.size > 0) await Promise.all(deliveries)
  }
  // Quiet: what was told is read, and what was never told is found.
  await wait(mode.lag + mode.settle + options.hold)
  await endLeases(pool, schema)
  const mirror = createOrganizationMembershipsMirror({ ...options, client, database })
  await mirror.reconcile({ allowRemovals: true })
  // A row whose read has failed, or whose reader was killed, is due a little later.
  const everybody = organizations.flatMap((organizationId) =>
    users.map((userId) => ({ organizationId, userId })),
  )
  const isAnyStale = async () =>
    (await Promise.all(everybody.map((ids) => mirror.inspect(ids)))).some(
      ({ state }) => state === 'stale',
    )
  for (const until = Date.now() + 60_000; Date.now() < until; await wait(100)) {
    await mirror.refresh()
    if (!(await isAnyStale())) break
  }
  const differences: string[] = []
  for (const organizationId of organizations) {
    for (const userId of users) {
      const [ours, theirs] = await Promise.all([
        mirror.inspect({ organizationId, userId }),
        client.get({ organizationId, userId }),
      ])
      if (keyOf(ours.membership) === keyOf(theirs)) continue
      differences.push(
        `${organizationId} ${userId}: ${ours.state} ${keyOf(ours.membership)}, is ${keyOf(theirs)}`,
      )
    }
  }
  const feedDifferences = await compareFeed(pool, schema)
  await pool.end()
  const off = ({ table }: typeof naive) =>
    [...current].filter(
      ([place, { index, isMember }]) => table.rows.get(place) !== (isMember ? index : undefined),
    ).length
  return {
    changes,
    asked,
    crashes,
    wrong,
    differences,
    feedDifferences,
    naiveDifferences: off(naive),
    guardedDifferences: off(guarded),
  }
}

interface Change extends MemberIds {
  readonly kind: 'created' | 'updated' | 'deleted'
  readonly index: number
  readonly membership: ReturnType<typeof fromOrganizationMembershipJSON>
}

/** A process that was killed during a reconcile holds it for a minute, which is over now. */
async function endLeases(pool: Pool, schema: string): Promise<void> {
  await pool.query(`update "${schema}".mirror_state set reconcile_lease_until = 0`)
  await pool.query(`update "${schema}".organizations set reconcile_lease_until = 0`)
}

/** The feed, folded, beside the table; and its numbers, which have no gap. */
async function compareFeed(pool: Pool, schema: string): Promise<string[]> {
  const { rows } = await pool.query<{ difference: string }>(`
    with folded as (
      select distinct on (organization_id, user_id) organization_id, user_id, after
      from "${schema}".changes order by organization_id, user_id, number desc
    )
    select coalesce(f.organization_id, m.organization_id) || ' ' || coalesce(f.user_id, m.user_id) as difference
    from folded f full join (select * from "${schema}".memberships where membership is not null) m
      using (organization_id, user_id)
    where f.after is distinct from m.membership
    union all
    select 'number ' || number from (select number, lag(number) over (order by number) as before from "${schema}".changes) n
    where number <> before + 1`)
  return rows.map(({ difference }) => difference)
}

function isRefusal(error: unknown): boolean {
  return (
    /^(BadRequest|NotFound|Conflict|RateLimit)Error/.test(
      error instanceof Error ? `${error.name} ${error.message}` : '',
    ) || /BadRequestError:|NotFoundError:|ConflictError:/.test(String(error))
  )
}
