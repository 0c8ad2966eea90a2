// The mounted list route, with the caller's membership known (warm) and read for each request (cold), against a bare Nest
// controller in the same app that verifies the same session tokens and forwards by fetch, without asking whether the
// caller is a member at all. Express, 200 users, an emulator in another thread. The design sets no budget for these.
// Then what one user costs the others: somebody who lists as much as a request may hold, without a pause, and a stranger
// who tries organization ids.
import { fork } from 'node:child_process'
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import process from 'node:process'

const rounds = Number(process.env.ROUNDS ?? 9)
const requestsInRound = 400
const concurrency = 16

const server = fork(new URL('nestjs.server.js', import.meta.url))
const { url, tokens, strangerToken } = await new Promise((resolve) =>
  server.once('message', resolve),
)
const agent = new Agent({ keepAlive: true, maxSockets: concurrency })

const peers = { 'bare controller': 'bare', 'mounted, warm': 'warm', 'mounted, cold': 'cold' }
const samples = Object.fromEntries(Object.keys(peers).map((name) => [name, []]))

function send(path, token) {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}/${path}`,
      { agent, headers: { Authorization: `Bearer ${token}` } },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk) => {
          text += chunk
        })
        incoming.on('end', () => resolve({ status: incoming.statusCode, text }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end()
  })
}

async function get(path, token, organization = 'org_1', limit = 10) {
  const start = performance.now()
  const { status, text } = await send(
    `${path}/organizations/${organization}/memberships?limit=${limit}`,
    token,
  )
  const ms = performance.now() - start
  if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`)
  if (JSON.parse(text).data.length !== limit) throw new Error(`${path}: ${text}`)
  return ms
}

/** Requests a second, and the latency that 99 of 100 requests stay under, ms. */
async function round(path) {
  const latencies = []
  let next = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < requestsInRound) {
        next += 1
        latencies.push(await get(path, tokens[next % tokens.length]))
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  latencies.sort((a, b) => a - b)
  return { rate: latencies.length / seconds, p99: latencies[Math.floor(latencies.length * 0.99)] }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** Requests that the server has sent to the API so far. */
function countRequests() {
  return new Promise((resolve) => {
    server.once('message', resolve)
    server.send('count')
  })
}

/** What another user waits for a list of 10, one after the other, ms: half of the lists take less. */
async function latencyBeside(loop) {
  const state = { isOver: false }
  const running = (async () => {
    while (!state.isOver) await loop()
  })()
  const latencies = []
  for (let index = 0; index < 100; index += 1) latencies.push(await get('warm', tokens[1]))
  state.isOver = true
  await running
  return median(latencies)
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 5))

/** What one user costs: beside whom another lists, and who makes the server ask the API. */
async function compareOneUser() {
  const largest = () => get('warm', tokens[0], 'org_large', 100)
  const small = () => get('warm', tokens[0])
  await largest()
  const [alone, besideSmall, besideLargest] = [[], [], []]
  for (let index = 0; index < rounds; index += 1) {
    alone.push(await latencyBeside(pause))
    besideSmall.push(await latencyBeside(small))
    besideLargest.push(await latencyBeside(largest))
  }
  const [alone50, small50, largest50] = [alone, besideSmall, besideLargest].map(median)
  console.log('\nwhat another user waits for a list of 10, p50 ms')
  console.log(
    `alone ${alone50.toFixed(1)}, beside a loop of lists of 10 ${small50.toFixed(1)}, beside a loop of lists of 100 with 8 kB each ${largest50.toFixed(1)}`,
  )

  const before = await countRequests()
  const start = performance.now()
  let sent = 0
  while (performance.now() - start < 10_000) {
    await send(`warm/organizations/org_guess_${sent}/memberships`, strangerToken)
    sent += 1
  }
  const seconds = (performance.now() - start) / 1000
  const caused = (await countRequests()) - before
  console.log(
    `\na stranger tries organization ids for ${seconds.toFixed(0)} s: ${(sent / seconds).toFixed(0)} requests/s, of which ${(caused / seconds).toFixed(1)} requests/s reach the API`,
  )
}

try {
  for (const path of Object.values(peers)) await round(path)
  for (let index = 0; index < rounds; index += 1) {
    for (const [name, path] of Object.entries(peers)) samples[name].push(await round(path))
  }
  const bare = samples['bare controller']
  console.log(
    `list of 10 at ${concurrency} connections, medians of ${rounds} alternating rounds of ${requestsInRound}\n`,
  )
  console.log('                    requests/s    × bare    p99 ms    × bare')
  for (const [name, own] of Object.entries(samples)) {
    const ratio = (field) => median(own.map((each, index) => each[field] / bare[index][field]))
    console.log(
      [
        name.padEnd(20),
        median(own.map(({ rate }) => rate))
          .toFixed(0)
          .padStart(10),
        ratio('rate').toFixed(2).padStart(10),
        median(own.map(({ p99 }) => p99))
          .toFixed(1)
          .padStart(10),
        ratio('p99').toFixed(2).padStart(10),
      ].join(''),
    )
  }
  await compareOneUser()
} finally {
  agent.destroy()
  server.kill()
}
