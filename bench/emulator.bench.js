// The emulator at 1,000, 10,000 and 100,000 members of one organization (1,000,000 once): how long it takes to be
// ready, one request of each kind against a bare HTTP server that sends the same bytes, requests in a second, and memory
// for each member. What the design calls flat must not cost more than 1.5 times as much at 100,000 as at 1,000.
import { Agent, createServer, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { createEmulator } from '@org-memberships/emulator'

const sizes = [1000, 10_000, 100_000]
const rounds = 11
const requestsInRound = 10
const agent = new Agent({ keepAlive: true })
const members = '/v1/organizations/org_1/memberships'

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const number = (value, digits = 2) => value.toFixed(digits).padStart(9)
const verdict = (isHit) => (isHit ? 'hit' : 'MISS')

function seedOf(size) {
  const users = Array.from({ length: size }, (_, index) => ({
    id: `user_${index}`,
    first_name: `First ${(index * 7919) % size}`,
    last_name: `Last ${index % 1000}`,
    email_address: `user${index}@example.com`,
    username: `name_${index}`,
  }))
  const memberships = users.map(({ id }, index) => ({
    user_id: id,
    role: index % 10 === 0 ? 'org:admin' : 'org:member',
  }))
  return { users, organizations: [{ id: 'org_1', memberships }] }
}

function send({ origin, secretKey }, { method = 'GET', path, body }) {
  const headers = { Authorization: `Bearer ${secretKey}`, 'Content-Type': 'application/json' }
  return new Promise((resolve, reject) => {
    const outgoing = request(`${origin}${path}`, { method, agent, headers }, (incoming) => {
      const chunks = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('end', () => {
        if (incoming.statusCode === 200) resolve(Buffer.concat(chunks))
        else reject(new Error(`${method} ${path} was answered ${incoming.statusCode}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body && JSON.stringify(body))
  })
}

let counter = 0
const operations = [
  { name: 'list 100, default order', isFlat: true, ask: () => ({ path: `${members}?limit=100` }) },
  {
    name: 'list 100 from the middle',
    isFlat: true,
    ask: (size) => ({ path: `${members}?limit=100&offset=${size / 2}` }),
  },
  {
    name: 'list by user_id',
    isFlat: true,
    ask: (size) => ({ path: `${members}?user_id=user_${(counter += 7) % size}` }),
  },
  {
    name: 'list 100, ordered by name',
    ask: () => ({ path: `${members}?limit=100&order_by=first_name` }),
  },
  {
    name: 'list 100 of a role',
    isFlat: true,
    ask: () => ({ path: `${members}?limit=100&role=org:admin` }),
  },
  { name: 'list 100 by query', ask: () => ({ path: `${members}?limit=100&query=example` }) },
  {
    name: 'PATCH metadata',
    isFlat: true,
    ask: (size) => ({
      method: 'PATCH',
      path: `${members}/user_${(counter += 7) % size}/metadata`,
      body: { public_metadata: { seen: counter } },
    }),
  },
  {
    name: 'PATCH role',
    isFlat: true,
    ask: (size) => ({
      method: 'PATCH',
      path: `${members}/user_${(counter += 7) % size}`,
      body: { role: 'org:member' },
    }),
  },
]

/** Answers every request with the same bytes: what an exchange costs that does no work. */
async function bareServer(bytes) {
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    incoming.on('end', () => {
      outgoing.writeHead(200, { 'Content-Type': 'application/json' })
      outgoing.end(bytes)
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${server.address().port}`, secretKey: 'none', server }
}

async function timeOf(target, operation, size, count = requestsInRound) {
  const start = performance.now()
  for (let index = 0; index < count; index += 1) {
    await send(target, operation.ask(size))
  }
  return (performance.now() - start) / count
}

async function requestsInSecond(target, operation, size) {
  const total = 1500
  let sent = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (sent < total) {
        sent += 1
        await send(target, operation.ask(size))
      }
    }),
  )
  return (total / (performance.now() - start)) * 1000
}

async function seeded(size) {
  const seed = seedOf(size)
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const start = performance.now()
  const emulator = await createEmulator({ seed })
  const ready = performance.now() - start
  globalThis.gc?.()
  const bytes = (process.memoryUsage().heapUsed - before) / size
  const resetStart = performance.now()
  await emulator.reset()
  return { size, emulator, ready, bytes, reset: performance.now() - resetStart }
}

// Ready with an empty seed.
const starts = []
for (let round = 0; round < rounds; round += 1) {
  const start = performance.now()
  const emulator = await createEmulator()
  starts.push(performance.now() - start)
  await emulator.close()
}
console.log(
  `ready with an empty seed: first ${number(starts[0], 1)} ms, median ${number(median(starts), 1)} ms` +
    `   budget 50 ms: ${verdict(starts[0] <= 50)}\n`,
)

const emulators = []
for (const size of sizes) emulators.push(await seeded(size))
console.log('members      ready, ms  reset, ms  bytes a member')
for (const { size, ready, reset, bytes } of emulators) {
  console.log(
    `${String(size).padStart(9)} ${number(ready, 0)} ${number(reset)} ${number(bytes, 0)}`,
  )
}

console.log(
  `\nms a request, one at a time, median of ${rounds} alternating rounds (bare: the same bytes, no work)`,
)
console.log(
  `${''.padEnd(28)}${sizes.map((size) => String(size).padStart(9)).join(' ')}      bare  100k/1k  1k/bare`,
)
for (const operation of operations) {
  const bytes = await send(emulators[0].emulator, operation.ask(sizes[0]))
  const bare = await bareServer(bytes)
  const targets = [
    ...emulators.map(({ size, emulator }) => ({ target: emulator, size })),
    { target: bare, size: 1000 },
  ]
  const times = targets.map(() => [])
  // The first round warms up: it makes the order that is asked for the first time.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { target, size }] of targets.entries()) {
      const time = await timeOf(target, operation, size)
      if (round > 0) times[index].push(time)
    }
  }
  bare.server.close()
  const medians = times.map(median)
  const ratio = medians[2] / medians[0]
  console.log(
    operation.name.padEnd(28) +
      medians.map((value) => number(value, 3)).join(' ') +
      number(ratio) +
      number(medians[0] / medians[3]) +
      (operation.isFlat ? `   budget 1.5: ${verdict(ratio <= 1.5)}` : ''),
  )
}

console.log('\nrequests in a second, 32 at a time (client and server in one process)')
const firstPage = { ask: () => ({ path: `${members}?limit=10` }) }
const patch = operations.find(({ name }) => name === 'PATCH metadata')
const bare = await bareServer(await send(emulators[0].emulator, firstPage.ask()))
const speeds = [
  ['bare server', bare, firstPage, 1000],
  ...emulators.flatMap(({ size, emulator }) => [
    [`list 10 of ${size}`, emulator, firstPage, size],
    [`PATCH metadata of ${size}`, emulator, patch, size],
  ]),
]
for (const [name, target, operation, size] of speeds) {
  console.log(name.padEnd(28), number(await requestsInSecond(target, operation, size), 0))
}
bare.server.close()
for (const { emulator } of emulators) {
  await emulator.close()
}
emulators.length = 0

console.log('\n1,000,000 members, once')
const million = await seeded(1_000_000)
console.log(`ready ${number(million.ready, 0)} ms, ${number(million.bytes, 0)} bytes a member`)
for (const operation of operations) {
  const first = await timeOf(million.emulator, operation, 1_000_000, 1)
  const then = await timeOf(million.emulator, operation, 1_000_000, 3)
  console.log(
    `${operation.name.padEnd(28)}${number(first, 1)} ms at first, then ${number(then, 1)} ms`,
  )
}
await million.emulator.close()
agent.destroy()
