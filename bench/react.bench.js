// The hooks beside the same list written with plain `useSWR` and `useSWRMutation` with `optimisticData`, in one process,
// against one emulator over HTTP, with React's production build in happy-dom. Both render the same memoised row.
// Renders, requests and frames are counted, and exact; times are medians, and only their ratio says something.
import { Window } from 'happy-dom'
import process from 'node:process'

process.env.NODE_ENV = 'production'
const window = new Window({ url: 'http://localhost/' })
const { document } = window
for (const name of ['HTMLElement', 'Node', 'navigator', 'HTMLIFrameElement']) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true })
}
Object.assign(globalThis, { window, document })

// After the document and the environment are there: these look for them as they load.
const { createElement: element, memo, useLayoutEffect } = await import('react')
const { createRoot } = await import('react-dom/client')
const { flushSync } = await import('react-dom')
const { default: useSWR, SWRConfig } = await import('swr')
const { default: useSWRMutation } = await import('swr/mutation')
const { OrganizationMembershipsClient } = await import('@org-memberships/core')
const { createEmulator } = await import('@org-memberships/emulator')
const hooks = await import('@org-memberships/react')
const { bundleSize } = await import('./bundle-size.js')

const size = 10_000
const pageSize = 500
const userOf = (index) => `user_${index}`

const emulator = await createEmulator({
  seed: {
    users: Array.from({ length: size }, (_, index) => ({ id: userOf(index), first_name: 'A' })),
    organizations: [
      {
        id: 'org_1',
        name: 'Acme',
        max_allowed_memberships: 0,
        memberships: Array.from({ length: size }, (_, index) => ({
          user_id: userOf(index),
          role: index === 0 ? 'org:admin' : 'org:member',
        })),
      },
    ],
  },
})
const client = new OrganizationMembershipsClient({
  baseURL: emulator.url,
  getToken: () => emulator.secretKey,
  maxRetries: 0,
})
const gets = () => emulator.requests.filter(({ method }) => method === 'GET').length

// ---- the two candidates: each is a hook that gives { rows, trigger, refetch }

const sizes = { all: { limit: pageSize, pages: size / pageSize }, page: { limit: 50, pages: 1 } }

function useOurs({ limit, pages }) {
  const list = hooks.useInfiniteOrganizationMemberships(
    'org_1',
    { limit },
    { initialSize: pages, parallel: true, revalidateOnWrite: true },
  )
  const { trigger } = hooks.useUpdateOrganizationMembership('org_1')
  return { rows: list.memberships, trigger, refetch: list.mutate }
}

function usePlain({ limit, pages }) {
  const key = `members-${limit}-${pages}`
  const list = useSWR(key, async () => {
    const answers = await Promise.all(
      Array.from({ length: pages }, (_, index) =>
        client.list({ organizationId: 'org_1', limit, offset: index * limit }),
      ),
    )
    return answers.flatMap(({ data }) => data)
  })
  const write = useSWRMutation(key, (_, { arg }) =>
    client.update({ organizationId: 'org_1', ...arg }),
  )
  const trigger = (argument) =>
    write.trigger(argument, {
      optimisticData: (rows) => withRow(rows, argument.userId, { role: argument.role }),
      populateCache: (row, rows) => withRow(rows, argument.userId, row),
    })
  return { rows: list.data, trigger, refetch: () => list.mutate() }
}

function withRow(rows, userId, change) {
  return rows?.map((row) => (row.publicUserData.userId === userId ? { ...row, ...change } : row))
}

const candidates = { 'these hooks': useOurs, 'plain SWR': usePlain }

// ---- mounting and counting

/** @param shown how many rows are in the document; the rest waits behind a virtual scroll bar */
async function mount(useList, { list, shown }) {
  const counts = { rows: 0, lists: 0 }
  const seen = { current: undefined, frames: [], onCommit: undefined }
  const Row = memo(({ row }) => {
    counts.rows += 1
    return element('li', null, row.role)
  })
  function List() {
    const value = useList(list)
    useLayoutEffect(() => {
      counts.lists += 1
      seen.current = value
      seen.onCommit?.(value.rows)
    })
    return value.rows
      ?.slice(0, shown)
      .map((row) => element(Row, { key: row.publicUserData.userId, row }))
  }
  const root = createRoot(document.body.appendChild(document.createElement('ul')))
  const cache = new Map()
  const store = hooks.createOrganizationMembershipsStore(client)
  const tree = element(
    SWRConfig,
    { value: { provider: () => cache, dedupingInterval: 0, revalidateOnFocus: false } },
    element(hooks.OrganizationMembershipsProvider, { store }, element(List)),
  )
  flushSync(() => root.render(tree))
  await until(() => seen.current.rows !== undefined)
  return { counts, seen, unmount: () => root.unmount() }
}

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Until no request has come for a while and React has nothing left to do. */
async function quiet() {
  for (let before = -1; before !== emulator.requests.length;) {
    before = emulator.requests.length
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
}

async function renders(mounted, event) {
  const before = { ...mounted.counts }
  await event()
  await quiet()
  const { rows, lists } = mounted.counts
  return `${rows - before.rows} / ${lists - before.lists}`
}

const member = (index) => ({ organizationId: 'org_1', userId: userOf(index) })
const columns = Object.keys(candidates)

function print(title, table) {
  const width = Math.max(...Object.keys(table).map((name) => name.length), title.length)
  console.log(`${title.padEnd(width)}  ${columns.map((name) => name.padStart(22)).join('')}`)
  for (const [name, row] of Object.entries(table)) {
    console.log(`${name.padEnd(width)}  ${row.map((cell) => String(cell).padStart(22)).join('')}`)
  }
  console.log('')
}

function verdict(what, measured, budget, unit) {
  const isHit = measured <= budget
  console.log(`${what}: ${measured} ${unit}, budget ${budget} ${unit}: ${isHit ? 'hit' : 'MISS'}`)
}

const median = (values) => values.toSorted((left, right) => left - right)[values.length >> 1]

// ---- 1: renders per event

async function countRenders(useList) {
  await emulator.reset()
  const mounted = await mount(useList, { list: sizes.all, shown: size })
  await quiet()
  const held = []
  const results = {
    'an equal refetch': await renders(mounted, () => mounted.seen.current.refetch()),
    'somebody changes one row, refetch': await renders(mounted, async () => {
      await client.update({ ...member(size - 3), role: 'org:admin' })
      await mounted.seen.current.refetch()
    }),
    'a write, until it is shown': await renders(mounted, async () => {
      held.push(emulator.hold({ route: 'update' }))
      held.push(mounted.seen.current.trigger({ userId: userOf(size - 5), role: 'org:admin' }))
    }),
    'its confirmation and refetch': await renders(mounted, async () => {
      held[0].release()
      await held[1]
    }),
  }
  mounted.unmount()
  return results
}

// ---- 2: trigger to commit

async function measureCommits(shown) {
  await emulator.reset()
  const mounted = {}
  for (const [name, useList] of Object.entries(candidates)) {
    mounted[name] = await mount(useList, { list: sizes.all, shown })
    await quiet()
  }
  const times = { 'these hooks': [], 'plain SWR': [] }
  for (let round = 0; round < 101; round += 1) {
    for (const name of round % 2 === 0 ? columns : columns.toReversed()) {
      const { seen } = mounted[name]
      const hold = emulator.hold({ route: 'update' })
      const role = round % 2 === 0 ? 'org:admin' : 'org:member'
      const committed = new Promise((resolve) => {
        seen.onCommit = resolve
      })
      const processor = process.cpuUsage()
      const start = performance.now()
      const write = seen.current.trigger({ userId: userOf(size - 7), role })
      await committed
      const { user, system } = process.cpuUsage(processor)
      times[name].push({ clock: performance.now() - start, processor: (user + system) / 1000 })
      seen.onCommit = undefined
      hold.release()
      await write
      await quiet()
    }
  }
  for (const { unmount } of Object.values(mounted)) unmount()
  // The first has code to compile. Processor time beside the clock's, which other work on the machine adds to.
  return columns.map((name) => {
    const measured = times[name].slice(1)
    return {
      clock: median(measured.map(({ clock }) => clock)),
      processor: median(measured.map(({ processor }) => processor)),
    }
  })
}

// ---- 3: requests of a burst, and frames

async function countBurst(useList) {
  await emulator.reset()
  const mounted = await mount(useList, { list: sizes.page, shown: 50 })
  await quiet()
  const before = gets()
  let frames = 0
  mounted.seen.onCommit = () => (frames += 1)
  await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      mounted.seen.current.trigger({ userId: userOf(size - 1 - index), role: 'org:admin' }),
    ),
  )
  await quiet()
  mounted.unmount()
  return { gets: gets() - before, frames }
}

/** Two overlapping writes to two rows, in every combination of success and failure and of the one that ends first. */
async function countWrongFrames(useList) {
  const sum = { frames: 0, wrong: 0, swallowed: 0 }
  for (const failing of [[], [0], [1], [0, 1]]) {
    for (const first of [0, 1]) {
      await emulator.reset()
      const mounted = await mount(useList, { list: sizes.page, shown: 50 })
      await quiet()
      const users = [userOf(size - 1), userOf(size - 2)]
      const toUser = (index) => ({
        route: 'update',
        match: ({ path }) => path.endsWith(`/${users[index]}`),
      })
      for (const index of failing) emulator.failNext({ status: 403, ...toUser(index) })
      const holds = users.map((_, index) => emulator.hold(toUser(index)))
      const states = users.map(() => 'pending')
      const frames = new Set()
      mounted.seen.onCommit = (rows) => {
        const roles = users.map((id) => rows.find((row) => row.publicUserData.userId === id).role)
        frames.add(roles.join())
        // What is pending or done is to be seen; what has failed is given until the end to disappear.
        const isWrong = roles.some((role, index) => {
          const mayBeOld = states[index] === 'failed' || failing.includes(index)
          return role === 'org:member' && (states[index] === 'pending' || !mayBeOld)
        })
        if (isWrong) sum.wrong += 1
      }
      const writes = users.map(async (userId, index) => {
        try {
          const answer = await mounted.seen.current.trigger({ userId, role: 'org:admin' })
          if (answer === undefined && failing.includes(index)) sum.swallowed += 1
          states[index] = 'done'
        } catch {
          states[index] = 'failed'
        }
      })
      await Promise.all(holds.map((hold) => hold.arrived()))
      // The server has decided before the answer is there: from then on either value may be shown.
      states[first] = failing.includes(first) ? 'failed' : 'done'
      holds[first].release()
      await writes[first]
      await quiet()
      states[1 - first] = failing.includes(1 - first) ? 'failed' : 'done'
      holds[1 - first].release()
      await Promise.all(writes)
      await quiet()
      sum.frames += frames.size
      mounted.unmount()
    }
  }
  return sum
}

// ---- 4: many writes, against a backend that answers at once

async function measureManyWrites() {
  const cases = {
    '400 creates on a list of 10,000': { total: 10_000, limit: 500, count: 400, budget: 300 },
    '1,600 creates on a list of 10,000': { total: 10_000, limit: 500, count: 1600, budget: 1200 },
    '1,600 creates on a page': { total: 50, limit: 50, count: 1600, budget: 800 },
    '6,400 creates on a page': { total: 50, limit: 50, count: 6400, budget: 3200 },
    '800 patches of a member': { total: 50, limit: 50, count: 800, budget: 300, isPatch: true },
    '3,200 patches of a member': { total: 50, limit: 50, count: 3200, budget: 1200, isPatch: true },
  }
  const results = {}
  // The first run has code to compile.
  await manyWrites({ ...cases['400 creates on a list of 10,000'], count: 20 })
  for (const [name, parameters] of Object.entries(cases)) {
    const milliseconds = Math.round(await manyWrites(parameters))
    results[name] = { milliseconds, budget: parameters.budget }
  }
  return results
}

async function manyWrites({ total, limit, count, isPatch }) {
  const organization = { id: 'org_1', name: 'Acme', publicMetadata: {}, createdAt: 1, updatedAt: 1 }
  const rowOf = (userId, role, createdAt, publicMetadata = {}) => ({
    id: `orgmem_${userId}`,
    role,
    permissions: [],
    publicMetadata,
    organization,
    publicUserData: { userId, firstName: null, lastName: null, imageUrl: '', hasImage: false },
    createdAt,
    updatedAt: createdAt,
  })
  const stored = Array.from({ length: total }, (_, index) =>
    rowOf(userOf(index), 'org:member', total - index),
  )
  const api = {
    list: async (query) => ({
      data: stored.slice(query.offset, query.offset + query.limit),
      totalCount: total,
    }),
    create: async ({ userId, role }) => rowOf(userId, role, Date.now()),
    updateMetadata: async ({ userId, publicMetadata }) =>
      rowOf(userId, 'org:member', total, publicMetadata),
  }
  const seen = { current: undefined }
  function List() {
    const list = hooks.useInfiniteOrganizationMemberships(
      'org_1',
      { limit },
      { initialSize: total / limit, parallel: true, revalidateOnWrite: false },
    )
    const create = hooks.useCreateOrganizationMembership('org_1')
    const patch = hooks.useUpdateOrganizationMembershipMetadata('org_1')
    useLayoutEffect(() => {
      seen.current = { list, create, patch }
    })
    return list.memberships
      ?.slice(0, 25)
      .map((row) => element('li', { key: row.publicUserData.userId }, row.role))
  }
  const root = createRoot(document.body.appendChild(document.createElement('ul')))
  const store = hooks.createOrganizationMembershipsStore(api)
  const cache = new Map()
  flushSync(() =>
    root.render(
      element(
        SWRConfig,
        { value: { provider: () => cache } },
        element(hooks.OrganizationMembershipsProvider, { store }, element(List)),
      ),
    ),
  )
  await until(() => seen.current.list.memberships?.length === total)
  const { create, patch } = seen.current
  const processor = process.cpuUsage()
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      isPatch
        ? patch.trigger({ userId: userOf(0), publicMetadata: { [`key_${index}`]: index } })
        : create.trigger({ userId: `user_new_${index}`, role: 'org:member' }),
    ),
  )
  const { user, system } = process.cpuUsage(processor)
  root.unmount()
  return (user + system) / 1000
}

// ---- 5: size

const external = ['react', 'react-dom', 'swr', '@org-memberships/core']

/** @param names what an app imports, or `*` */
async function sizeOf(specifier, names) {
  const { gzip } = await bundleSize(`export ${names} from '${specifier}'`, { external })
  return Number((gzip / 1000).toFixed(2))
}

const all = {}
for (const [name, useList] of Object.entries(candidates)) all[name] = await countRenders(useList)
print(
  `rows / lists rendered, ${size} rows`,
  Object.fromEntries(
    Object.keys(all['these hooks']).map((event) => [
      event,
      columns.map((name) => all[name][event]),
    ]),
  ),
)

const virtual = await measureCommits(25)
const full = await measureCommits(size)
const time = (values) =>
  values.map(({ clock, processor }) => `${clock.toFixed(2)} ms (${processor.toFixed(2)})`)
print('trigger to commit, medians: clock (processor)', {
  '25 of 10000 rows mounted': time(virtual),
  'all 10000 rows mounted, memoised': time(full),
})

const bursts = []
const races = []
for (const useList of Object.values(candidates)) {
  bursts.push(await countBurst(useList))
  races.push(await countWrongFrames(useList))
}
print('a burst of 10 writes, a list of one page', {
  GETs: bursts.map((burst) => burst.gets),
  'commits of the list': bursts.map(({ frames }) => frames),
})
print('8 races of two writes', {
  'different frames': races.map(({ frames }) => frames),
  'frames that lose a write': races.map(({ wrong }) => wrong),
  'failures that trigger does not tell': races.map(({ swallowed }) => swallowed),
})

const many = await measureManyWrites()
for (const [what, { milliseconds, budget }] of Object.entries(many)) {
  verdict(`${what}, processor time`, milliseconds, budget, 'ms')
}

const changedRow = Number.parseInt(all['these hooks']['somebody changes one row, refetch'], 10)
verdict('rows rendered when one row changes', changedRow, 1, 'row')
const commit = Number(virtual[0].processor.toFixed(2))
verdict('trigger to commit, virtualised, processor time', commit, 4, 'ms')
const whole = await sizeOf('@org-memberships/react', '*')
verdict('bundle of everything, without react, swr and core, min+gzip', whole, 9.5, 'kB')
const one =
  '{ OrganizationMembershipsProvider, useOrganizationMemberships, useUpdateOrganizationMembership }'
const some = await sizeOf('@org-memberships/react', one)
console.log(`  of the provider, one list and one write: ${some} kB`)
const seed = await sizeOf('@org-memberships/react/seed', '*')
console.log(`  of ./seed: ${seed} kB`)

await emulator.close()
await window.happyDOM.abort()
for (const name of ['window', 'document']) delete globalThis[name]
