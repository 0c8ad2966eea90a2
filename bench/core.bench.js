// Side by side in one run against the same loopback server: bare fetch, bare fetch with a signal and a timer, this
// client, and @clerk/backend. Figures are medians over alternating rounds; the budgets are the design's.
import { execFileSync, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import process from 'node:process'
import { createClerkClient } from '@clerk/backend'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { bundleSize } from './bundle-size.js'

const secretKey = 'sk_test_bench'
const server = fork(new URL('core.server.js', import.meta.url))
const port = await new Promise((resolve) => server.once('message', resolve))
const origin = `http://127.0.0.1:${port}`
const baseURL = `${origin}/v1`

const ours = new OrganizationMembershipsClient({ secretKey, baseURL })
const clerk = createClerkClient({ secretKey, apiUrl: origin, telemetry: { disabled: true } })

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const verdict = (hit) => (hit ? 'hit' : 'MISSED')

const headers = {
  Accept: 'application/json',
  Authorization: `Bearer ${secretKey}`,
  'Clerk-API-Version': '2026-05-12',
}

async function bareFetch(path, init) {
  const response = await fetch(`${baseURL}${path}`, { headers, ...init })
  return JSON.parse(await response.text())
}

async function bareFetchWithTimer(path, init) {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), 10_000)
  try {
    return await bareFetch(path, { ...init, signal: controller.signal })
  } finally {
    clearTimeout(timer)
  }
}

const patch = {
  method: 'PATCH',
  body: JSON.stringify({ role: 'org:admin' }),
  headers: { ...headers, 'Content-Type': 'application/json' },
}
const organizationId = 'org_1'
const member = { organizationId, userId: 'user_1', role: 'org:admin' }

const listsOf = (limit) => ({
  'bare fetch': () => bareFetch(`/organizations/org_1/memberships?limit=${limit}`),
  'fetch + timer': () => bareFetchWithTimer(`/organizations/org_1/memberships?limit=${limit}`),
  'this client': () => ours.list({ organizationId, limit }),
  '@clerk/backend': () =>
    clerk.organizations.getOrganizationMembershipList({ organizationId, limit }),
})
const scenarios = [
  { name: 'list of 10', calls: 40, clients: listsOf(10) },
  { name: 'list of 500', calls: 5, clients: listsOf(500) },
  {
    name: 'PATCH',
    calls: 40,
    clients: {
      'bare fetch': () => bareFetch('/organizations/org_1/memberships/user_1', patch),
      'fetch + timer': () => bareFetchWithTimer('/organizations/org_1/memberships/user_1', patch),
      'this client': () => ours.update(member),
      '@clerk/backend': () => clerk.organizations.updateOrganizationMembership(member),
    },
  },
]

async function timeOf(call, calls) {
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  for (let index = 0; index < calls; index++) await call()
  const { user, system } = process.cpuUsage(cpuBefore)
  return { wall: (performance.now() - started) / calls, cpu: (user + system) / 1000 / calls }
}

/** Many short rounds rather than few long ones: what else the machine does then meets all peers of a round alike. */
async function compare({ name, calls, clients }, rounds = 15) {
  const names = Object.keys(clients)
  const times = Object.fromEntries(names.map((client) => [client, []]))
  for (const client of names) await timeOf(clients[client], calls * 5)
  for (let round = 0; round < rounds; round++) {
    // Each client comes first in turn.
    const order = names.map((_, index) => names[(index + round) % names.length])
    for (const client of order) times[client].push(await timeOf(clients[client], calls))
  }
  const ratio = (client, to, kind) =>
    median(times[client].map((time, round) => time[kind] / times[to][round][kind]))
  for (const client of names) {
    const perCall = `${median(times[client].map(({ wall }) => wall)).toFixed(3)} ms`
    const ratios = ['wall', 'cpu'].flatMap((kind) =>
      names.slice(0, 2).map((peer) => ratio(client, peer, kind).toFixed(2).padStart(8)),
    )
    console.log(
      `${name.padEnd(12)} ${client.padEnd(15)} ${perCall.padStart(10)} ${ratios.join('')}`,
    )
  }
  // Processor time against what an app would write itself: `fetch` with a time limit.
  const measured = ratio('this client', 'fetch + timer', 'cpu')
  console.log(
    `  budget ≤ 1.08 × fetch + timer, processor time: ${measured.toFixed(2)} ${verdict(measured <= 1.08)}; ` +
      `against @clerk/backend ${ratio('this client', '@clerk/backend', 'wall').toFixed(2)}\n`,
  )
}

console.log('                                 median   time ÷ bare, ÷ timer   cpu ÷ bare, ÷ timer')
for (const scenario of scenarios) await compare(scenario)

// listAll of 100,000 members, 20 ms a request.
async function walkOurs(concurrency) {
  let rows = 0
  for await (const _ of ours.listAll({ organizationId: 'org_slow', concurrency })) {
    rows += 1
  }
  return rows
}
/** The same pages, as many at once, with nothing done to them but parsing. */
async function walkBare(concurrency) {
  const total = 100_000
  let rows = 0
  let next = 0
  const worker = async () => {
    while (next < total) {
      const offset = next
      next += 500
      const page = await bareFetch(
        `/organizations/org_slow/memberships?limit=500&offset=${offset}&order_by=%2Bcreated_at`,
      )
      rows += page.data.length
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return rows
}
async function walkClerk() {
  let rows = 0
  for (let offset = 0; ; offset += 500) {
    const page = await clerk.organizations.getOrganizationMembershipList({
      organizationId: 'org_slow',
      limit: 500,
      offset,
    })
    rows += page.data.length
    if (page.data.length < 500) return rows
  }
}
async function walkOf(label, walk, peer) {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  let peak = before
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().heapUsed)
  }, 5)
  const started = performance.now()
  const rows = await walk()
  const time = performance.now() - started
  clearInterval(sampler)
  const grown = `${((peak - before) / 2 ** 20).toFixed(0)} MB`
  const faster = peer === undefined ? '' : `  ${(peer / time).toFixed(1)} × faster`
  console.log(
    `${label.padEnd(34)} ${rows} rows  ${(time / 1000).toFixed(2)} s  peak heap +${grown}${faster}`,
  )
  return time
}

console.log('all of 100,000 members, 20 ms a request (peak heap with garbage not yet collected)')
const sequential = await walkOf('@clerk/backend, 500s in sequence', walkClerk)
const byDefault = await walkOf('listAll, concurrency 4', () => walkOurs(4), sequential)
const bare = await walkOf('bare fetch, concurrency 4', () => walkBare(4), sequential)
const wide = await walkOf('listAll, concurrency 16', () => walkOurs(16), sequential)
console.log(
  `  budget ≥ 5 ×: ${(sequential / wide).toFixed(1)} with concurrency 16 ${verdict(sequential / wide >= 5)}, ` +
    `${(sequential / byDefault).toFixed(1)} with the default of 4 ${verdict(sequential / byDefault >= 5)}`,
)
console.log(
  `  budget ≤ 1.10 × bare fetch at the same concurrency: ${(byDefault / bare).toFixed(2)} ` +
    `${verdict(byDefault / bare <= 1.1)}`,
)
// The heap, each walk in a process of its own, where nothing else has left traces; beside a loop that keeps as many pages on
// the way with a bare fetch, and does not map, join or time them.
const heapWalk = fileURLToPath(new URL('core.heap.js', import.meta.url))
const heapOf = (kind) => {
  const runs = Array.from({ length: 3 }, () =>
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', heapWalk, kind, baseURL])),
  )
  return (figure) => {
    const values = runs.map((run) => run[figure]).toSorted((a, b) => a - b)
    return { median: values[1], text: values.map((value) => value.toFixed(0)).join(', ') }
  }
}
console.log('heap over all of 100,000 members, own process, MB: three runs, least first')
console.log('                      peak with garbage   of it young   held')
for (const [name, kind] of [
  ['bare fetch, 4 at once', 'bare'],
  ['listAll, concurrency 4', 'listAll'],
]) {
  const figure = heapOf(kind)
  const peak = figure('peak')
  const held = figure('held')
  console.log(
    `${name.padEnd(22)} ${peak.text.padStart(16)} ${figure('young').text.padStart(13)} ${held.text.padStart(9)}`,
  )
  if (kind === 'listAll') {
    console.log(
      `  budget heap < 40 MB: with garbage +${peak.median.toFixed(0)} MB ${verdict(peak.median < 40)}, ` +
        `held after collection +${held.median.toFixed(1)} MB ${verdict(held.median < 40)}\n`,
    )
  }
}
server.disconnect()

// Import time and the time to make a client, each in a fresh process.
function timeOfCode(before, timed) {
  const code = `${before}; const t = performance.now(); ${timed}; console.log(performance.now() - t)`
  const run = () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', code], {
        cwd: fileURLToPath(new URL('.', import.meta.url)),
      }),
    )
  return median(Array.from({ length: 15 }, run))
}
const [importOurs, importClerk, importNothing] = [
  '@org-memberships/core',
  '@clerk/backend',
  './empty.js',
].map((module) => timeOfCode('', `await import(${JSON.stringify(module)})`))
const over = importOurs - importNothing
const made = timeOfCode(
  "const { OrganizationMembershipsClient } = await import('@org-memberships/core')",
  `new OrganizationMembershipsClient({ secretKey: '${secretKey}' })`,
)
console.log(
  `import: this client ${importOurs.toFixed(1)} ms, @clerk/backend ${importClerk.toFixed(1)} ms, ` +
    `an empty file ${importNothing.toFixed(1)} ms\n` +
    `  budget ≤ +5 ms over the empty file: +${over.toFixed(1)} ${verdict(over <= 5)}\n` +
    `new client: ${made.toFixed(2)} ms\n` +
    `  budget ≤ 1 ms: ${made.toFixed(2)} ${verdict(made <= 1)}\n`,
)

// Bundles, minified and gzipped.
const sizeOf = async (snippet) => (await bundleSize(snippet)).gzip
const sizes = {
  'bare fetch': await sizeOf(
    `export ${bareFetchWithTimer}\n${bareFetch}\nconst baseURL='',headers={}`,
  ),
  'this client': await sizeOf(
    "export { OrganizationMembershipsClient } from '@org-memberships/core'",
  ),
  '@clerk/backend': await sizeOf("export { createClerkClient } from '@clerk/backend'"),
}
for (const [name, size] of Object.entries(sizes)) {
  console.log(`bundle, min+gzip: ${name.padEnd(15)} ${(size / 1000).toFixed(2).padStart(7)} kB`)
}
console.log(
  `  budget ≤ 9.0 kB: ${(sizes['this client'] / 1000).toFixed(2)} ${verdict(sizes['this client'] <= 9000)}`,
)
