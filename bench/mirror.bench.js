// The mirror on a real PostgreSQL, beside the API at 20 ms and beside the bare statements of a driver: a trusted `get`,
// pages of 1,000 and 100,000 members, the time from a hint to its row, a backfill, requests for each thousand webhooks.
import { execFile } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import { createOrganizationMembershipsMirror, migrate } from '@org-memberships/mirror'
import { fromPool } from '@org-memberships/mirror/pg'
import { Pool } from 'pg'
import { startPostgres } from '../packages/mirror/test/support/postgres-server.js'

const latency = 20
const sizes = { org_1000: 1000, org_100000: 100_000 }
const schema = 'mirror_bench'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (times, share) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))]
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`.padStart(10)
const row = (name, ...cells) => console.log(name.padEnd(44), ...cells)
const verdict = (isHit) => (isHit ? 'hit' : 'MISS')

const server = await startPostgres()
const pool = new Pool({ ...server.connection, max: 10 })
const emulator = await createEmulator({ seed: seedOf(sizes), keptRequests: 0 })
const client = new OrganizationMembershipsClient({
  baseURL: emulator.url,
  secretKey: emulator.secretKey,
  fetch: delayed,
})
let requests = 0

const database = fromPool(pool)
await migrate(database, { schema })
const options = { client, database, schema, trustFor: 3_600_000, reconcileEvery: 86_400_000 }
const mirror = createOrganizationMembershipsMirror(options)

await backfill()
await pool.query('vacuum analyze')
await trustedGet()
await pages()
await hints()
await webhooks()
await schedules()
memory()

await mirror.stop()
await Promise.all([pool.end(), emulator.close()])
await server.stop()

/** 20 ms on the way, in place of the emulator's own latency: it counts the requests too. */
async function delayed(input, init) {
  requests += 1
  await wait(latency)
  return fetch(input, init)
}

async function backfill() {
  const heap = heapUsed()
  const begun = requests
  const start = performance.now()
  await mirror.reconcile({ organizationId: 'org_100000' })
  const seconds = (performance.now() - start) / 1000
  const sent = requests - begun
  const grown = heapUsed() - heap
  await mirror.reconcile()

  const { rows } = await pool.query(
    `select m.user_id, (m.membership || jsonb_build_object('organization', o.organization))::text as membership
from ${schema}.memberships m join ${schema}.organizations o using (organization_id) where organization_id = 'org_100000'`,
  )
  await pool.query(
    'create table bare (organization_id text, user_id text, membership jsonb, primary key (organization_id, user_id))',
  )
  const bareStart = performance.now()
  for (let from = 0; from < rows.length; from += 500) {
    const chunk = rows.slice(from, from + 500)
    const places = chunk.map((_, index) => `('org_100000', $${2 * index + 1}, $${2 * index + 2})`)
    await pool.query(
      `insert into bare values ${places.join(',')}`,
      chunk.flatMap(({ user_id, membership }) => [user_id, membership]),
    )
  }
  const bare = (performance.now() - bareStart) / 1000
  console.log(`backfill of 100,000 members, the API at ${latency} ms`)
  row('  requests', String(sent).padStart(10), `(at most 210: ${verdict(sent <= 210)})`)
  row('  rows per second', String(Math.round(100_000 / seconds)).padStart(10))
  row(
    '  bare insert of 500 rows each, per second',
    String(Math.round(rows.length / bare)).padStart(10),
  )
  row('  heap grown by', `${(grown / 2 ** 20).toFixed(1)} MB`.padStart(10))
}

async function trustedGet() {
  const ids = (index) => ({
    organizationId: 'org_100000',
    userId: `user_${(index * 7919) % 100_000}`,
  })
  // What an app reads that has stored whole memberships, as the API gives them, by the driver alone.
  const bareSelect = async (index) => {
    const { organizationId, userId } = ids(index)
    const { rows } = await pool.query({
      name: 'bare',
      text: 'select membership::text as membership from bare where organization_id = $1 and user_id = $2',
      values: [organizationId, userId],
    })
    return JSON.parse(rows[0].membership)
  }
  // The mirror stores an organization once, and joins it.
  const joined = `select m.membership::text as membership, o.organization::text as organization
from ${schema}.memberships m join ${schema}.organizations o using (organization_id)
where m.organization_id = $1 and m.user_id = $2`
  const bareJoin = async (index) => {
    const { organizationId, userId } = ids(index)
    const { rows } = await pool.query({
      name: 'joined',
      text: joined,
      values: [organizationId, userId],
    })
    const [{ membership, organization }] = rows
    return { ...JSON.parse(membership), organization: JSON.parse(organization) }
  }
  const contenders = {
    'mirror.get': (index) => mirror.get(ids(index)),
    'bare prepared select': bareSelect,
    'bare prepared select with a join': bareJoin,
  }
  const before = requests
  const times = await alternate(contenders, 40, 250)
  const sent = requests - before
  const api = await alternate({ 'client.get': (index) => client.get(ids(index)) }, 1, 100)
  console.log('\na trusted member                                     p50        p99')
  for (const [name, all] of Object.entries({ ...times, ...api })) {
    row(`  ${name}`, ms(at(all, 0.5)), ms(at(all, 0.99)))
  }
  const [get, bare, withJoin] = Object.values(times).map((all) => at(all, 0.5))
  const ratio = get / bare
  row(
    '  mirror.get / bare prepared select',
    ratio.toFixed(2).padStart(10),
    `(at most 1.3: ${verdict(ratio <= 1.3)})`,
  )
  row('  mirror.get / the one with a join', (get / withJoin).toFixed(2).padStart(10))
  row('  requests for 10,000 of them', String(sent).padStart(10), `(0: ${verdict(sent === 0)})`)
}

async function pages() {
  const queries = {
    'newest first': {},
    'of a role (20 %)': { role: 'org:admin' },
    'by first name': { orderBy: 'first_name' },
    'by last name, downwards': { orderBy: '-last_name' },
    'from the middle': 'middle',
  }
  console.log('\na page of 100 of                              1,000    100,000      ratio')
  for (const [name, given] of Object.entries(queries)) {
    const ask = (organizationId) => () => {
      const query = given === 'middle' ? { offset: sizes[organizationId] / 2 } : given
      return mirror.list({ organizationId, limit: 100, ...query })
    }
    const times = await alternate({ small: ask('org_1000'), large: ask('org_100000') }, 10, 10)
    const [small, large] = [at(times.small, 0.5), at(times.large, 0.5)]
    const ratio = large / small
    // Rows that are skipped are read, if only in the index.
    const judged = given === 'middle' ? '' : `(at most 1.5: ${verdict(ratio <= 1.5)})`
    row(`  ${name}`, ms(small), ms(large), ratio.toFixed(2).padStart(10), judged)
  }
}

async function hints() {
  mirror.start()
  const waiting = new Map()
  const follow = (async () => {
    for await (const change of mirror.changes()) {
      waiting.get(change.after?.publicMetadata.mark)?.()
    }
  })()
  follow.catch(() => {})
  const receipts = []
  const times = []
  for (let index = 0; index < 60; index += 1) {
    // Of an organization of its own: events of one organization wait for each other, to be read together.
    const ids = { organizationId: `org_small_${index}`, userId: 'user_0' }
    await client.updateMetadata({ ...ids, publicMetadata: { mark: index } })
    const seen = new Promise((resolve) => {
      waiting.set(index, resolve)
    })
    const start = performance.now()
    await mirror.receive(eventOf(ids))
    receipts.push(performance.now() - start)
    await seen
    times.push(performance.now() - start)
  }
  console.log('\na webhook                                            p50        p99')
  row('  receive(): its hint is committed', ms(at(receipts, 0.5)), ms(at(receipts, 0.99)))
  row(
    `  its row and change are there, the API at ${latency} ms`,
    ms(at(times, 0.5)),
    ms(at(times, 0.99)),
  )
  await mirror.stop()
}

async function webhooks() {
  await mirror.refresh()
  const burst = Array.from({ length: 1000 }, (_, index) => ({
    organizationId: 'org_100000',
    userId: `user_${index}`,
  }))
  const spread = Array.from({ length: 1000 }, (_, index) => ({
    organizationId: `org_small_${index % 100}`,
    userId: `user_${Math.floor(index / 100)}`,
  }))
  console.log('\nrequests for 1,000 webhooks')
  const cost = async (name, events, receive) => {
    const before = requests
    await receive(events)
    row(`  ${name}`, String(requests - before).padStart(10))
  }
  const together = async (events) => {
    await Promise.all(events.map((ids) => mirror.receive(eventOf(ids))))
    await mirror.refresh()
  }
  await cost('at once, of one organization', burst, together)
  await cost('at once, of 100 organizations', spread, together)
  // 100 of them, since each waits until it has settled.
  const before = requests
  const quick = createOrganizationMembershipsMirror({ ...options, settle: 1, refreshWindow: 1 })
  for (const ids of burst.slice(0, 100)) {
    await quick.receive(eventOf(ids))
    await quick.refresh()
  }
  row('  one at a time, each refreshed', String((requests - before) * 10).padStart(10))
}

/** The rule and the two usual ways to handle payloads, over the same random schedules of the soak. */
async function schedules() {
  console.log('\nwrong of 400 random schedules, by mode')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'vitest.soak.config.ts',
      '--silent=false',
      'packages/mirror/soak/laws.soak.ts',
    ],
    { cwd: root, env: { ...process.env, MIRROR_SCHEDULES: '400', NO_COLOR: '1' } },
  )
  for (const [line] of stdout.matchAll(/^\w+: \d+ schedules from seed .*$/gm))
    console.log(`  ${line}`)
}

function memory() {
  console.log('')
  row(
    'heap at the end, the emulator included',
    `${(heapUsed() / 2 ** 20).toFixed(0)} MB`.padStart(10),
  )
}

/** Times of each contender, ms, who take turns in rounds. */
async function alternate(contenders, rounds, calls) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  let index = 0
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, call] of Object.entries(contenders)) {
      for (let count = 0; count < calls; count += 1) {
        index += 1
        const start = performance.now()
        await call(index)
        // The first round is for warming up.
        if (round >= 0) times[name].push(performance.now() - start)
      }
    }
  }
  return times
}

function eventOf({ organizationId, userId }) {
  return {
    type: 'organizationMembership.updated',
    data: { organization: { id: organizationId }, public_user_data: { user_id: userId } },
  }
}

function heapUsed() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function seedOf(organizations) {
  const users = Array.from({ length: 100_000 }, (_, index) => ({
    id: `user_${index}`,
    first_name: `First ${(index * 7919) % 100_003}`,
    last_name: `Last ${index % 1000}`,
    email_address: `user${index}@example.com`,
    username: `name_${index}`,
  }))
  const members = (size) =>
    users.slice(0, size).map(({ id }, index) => ({
      user_id: id,
      role: index % 5 === 0 ? 'org:admin' : 'org:member',
    }))
  const small = Array.from({ length: 100 }, (_, index) => ({
    id: `org_small_${index}`,
    max_allowed_memberships: 0,
    memberships: members(10),
  }))
  const large = Object.entries(organizations).map(([id, size]) => ({
    id,
    max_allowed_memberships: 0,
    memberships: members(size),
  }))
  return { users, organizations: [...large, ...small] }
}
