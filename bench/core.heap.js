// One process of core.bench.js: how much the heap grows while a whole list is read, in MB.
// - `peak`: at the most, with the garbage that is not yet collected; `young` is the part of it that lies in V8's young
//   generation, which any program fills before V8 collects it.
// - `held`: what is left in the midst of it after collections.
import process from 'node:process'
import { getHeapSpaceStatistics } from 'node:v8'
import { OrganizationMembershipsClient } from '@org-memberships/core'

const [kind, baseURL] = process.argv.slice(2)
const secretKey = 'sk_test_bench'
const client = new OrganizationMembershipsClient({ secretKey, baseURL })

const walks = {
  listAll: () => client.listAll({ organizationId: 'org_slow' }),
  async *bare() {
    const pageAt = async (offset) => {
      const url = `${baseURL}/organizations/org_slow/memberships?limit=500&offset=${offset}`
      const response = await fetch(url, { headers: { Authorization: `Bearer ${secretKey}` } })
      return JSON.parse(await response.text())
    }
    const pages = []
    for (let offset = 0; offset < 100_000 || pages.length > 0;) {
      for (; pages.length < 4 && offset < 100_000; offset += 500) pages.push(pageAt(offset))
      yield* (await pages.shift()).data
    }
  },
}

const used = () => process.memoryUsage().heapUsed
const young = () =>
  getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name.startsWith('new_'))
    .reduce((sum, { space_used_size: size }) => sum + size, 0)

/**
 * Twice, with a turn of the event loop before each: what a finalizer or a weak reference still leads to is free only
 * after it has run, or after the turn in which it was read.
 */
async function collect() {
  for (let round = 0; round < 2; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    globalThis.gc()
  }
}

await client.list({ organizationId: 'org_1', limit: 500 })
await collect()
const before = used()
const highest = { peak: 0, young: 0, held: 0 }

const sampler = setInterval(() => {
  const peak = used() - before
  if (peak > highest.peak) Object.assign(highest, { peak, young: young() })
}, 5)
for await (const _ of walks[kind]());
clearInterval(sampler)

let rows = 0
for await (const _ of walks[kind]()) {
  if (++rows % 5_000 !== 0) continue
  await collect()
  highest.held = Math.max(highest.held, used() - before)
}
if (rows !== 100_000) throw new Error(`${rows} rows came.`)
console.log(
  JSON.stringify(highest, (_, value) => (typeof value === 'number' ? value / 2 ** 20 : value)),
)
