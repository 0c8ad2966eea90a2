// The mounted list route, with the caller's membership known (warm) and read for each request (cold), against a bare Nest
// controller in the same app that verifies the same session tokens and forwards by fetch, without asking whether the
// caller is a member at all. Express, 200 users, an emulator in another thread. The design sets no budget for these.
import { fork } from 'node:child_process'
import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'

const rounds = 9
const requestsInRound = 400
const concurrency = 16

const server = fork(new URL('nestjs.server.js', import.meta.url))
const { url, tokens } = await new Promise((resolve) => server.once('message', resolve))
const agent = new Agent({ keepAlive: true, maxSockets: concurrency })

const peers = { 'bare controller': 'bare', 'mounted, warm': 'warm', 'mounted, cold': 'cold' }
const samples = Object.fromEntries(Object.keys(peers).map((name) => [name, []]))

function get(path, token) {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}/${path}/organizations/org_1/memberships?limit=10`,
      { agent, headers: { Authorization: `Bearer ${token}` } },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk) => {
          text += chunk
        })
        incoming.on('end', () => {
          if (incoming.statusCode !== 200) {
            reject(new Error(`${path} answered ${incoming.statusCode}: ${text}`))
          } else if (JSON.parse(text).data.length !== 10) reject(new Error(`${path}: ${text}`))
          else resolve(performance.now() - start)
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end()
  })
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
} finally {
  agent.destroy()
  server.kill()
}
