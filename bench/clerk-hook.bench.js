// These hooks beside Clerk's own `useOrganization({ memberships })`, in a real Chromium. Both are the real thing: Clerk's
// script and hook from npm, used as in Clerk's guide to managing roles, against a stand-in of Clerk's Frontend API; these
// hooks against a Nest backend with the mounted routes. Behind either is an emulator with the same members, before either
// the same time for each request. Requests, renders and frames are counted; times are medians of alternating rounds.
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import sparticuz from '@sparticuz/chromium'
import { chromium } from 'playwright-core'
import { bundleCode, bundleSize } from './bundle-size.js'
import { judge } from './clerk-hook/judge.js'
import { openList, size } from './clerk-hook/open-list.js'

const latency = 100
const both = ['ours', 'clerks']
const two = ['these hooks', "Clerk's hook"]
const three = [...two, "Clerk's guide"]

console.log(`Each request about memberships takes ${latency} ms, from the page to either server and back.

these hooks    trigger({ userId, role }), to a backend of yours with the mounted routes. What that asks of Clerk comes on
               top: the emulator here, which takes no time of its own.
Clerk's hook   await membership.update({ role }); await memberships.revalidate(). To Clerk at once: no backend.
Clerk's guide  the same with the guide's <select defaultValue>, in which the browser shows what was chosen, at once, and
               goes on showing it whatever becomes of it.
`)

const script = await bundleCode("import './clerk-hook/page/page.jsx'")
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH || (await sparticuz.executablePath()),
  // No name but this machine's leads anywhere.
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost',
  ],
})
const open = (view) => openList(browser, script, { latency, ...view })

// ---- what is measured

/** One role is chosen for someone, or, with `null`, someone is removed. */
async function change(list, role, faults = []) {
  const userId = list.someone()
  list.front.expect(faults)
  const { frames, result, ...rest } = await list.watch(userId, 'choose', userId, [role])
  const [{ at }] = result
  const first = frames.find((frame) => frame.at >= at && frame.says === role)
  return { time: first && first.at - at, ...rest }
}

/** Rounds in which the lists take turns. */
async function takeTurns(lists, rounds, role) {
  const taken = lists.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    const order = lists.map((_, index) => index)
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const one = await change(lists[index], role)
      if (one.time === undefined) throw new Error('A change that was made is not on the screen.')
      taken[index].push(one)
    }
  }
  return taken.map((all) => ({
    time: median(all.map(({ time }) => time)),
    rendered: median(all.map(({ rendered }) => rendered)),
    requests: [...new Set(all.map(({ requests }) => requests))].join(', '),
  }))
}

async function changeTen(list, isGathered) {
  const ten = Array.from({ length: 10 }, list.someone)
  const { requests } = await list.watch(ten[0], 'chooseForAll', ten, 'org:admin', isGathered)
  return requests
}

/** Two roles for one member, one soon after the other: what happens to the first request, and to the second. */
const ways = {
  'both are made': [],
  'the first is refused': [{ isRefused: true }],
  'the second is refused': [{}, { isRefused: true }],
  'the first is 200 ms slower on its way there': [{ thereBy: 200 }],
  'the first is 200 ms slower on its way back': [{ backBy: 200 }],
}

async function changeTwice(list) {
  const sum = { late: 0, lost: 0, ahead: 0, untrue: 0, overtaken: 0 }
  for (const faults of Object.values(ways)) {
    const userId = list.someone()
    list.front.expect(faults)
    const roles = ['org:editor', 'org:admin']
    const { frames, result, onServer } = await list.watch(userId, 'choose', userId, roles)
    const judged = judge({ frames, choices: result, before: 'org:member', onServer })
    for (const key of Object.keys(sum)) sum[key] += judged[key]
  }
  return sum
}

const external = ['react', 'react-dom']

async function kilobytes(snippet) {
  const { gzip } = await bundleSize(snippet, { external })
  return gzip / 1000
}

const median = (values) => values.toSorted((left, right) => left - right)[values.length >> 1]
const ms = (time) => `${Math.round(time)} ms`
const kB = (value) => `${value.toFixed(1)} kB`

function print(title, columns, table) {
  const lines = Object.entries({ [title]: columns, ...table })
  const first = Math.max(...lines.map(([name]) => name.length))
  const widths = columns.map((_, index) =>
    Math.max(18, ...lines.map(([, cells]) => String(cells[index]).length)),
  )
  for (const [name, cells] of lines) {
    const padded = cells.map((cell, index) => String(cell).padStart(widths[index]))
    console.log([name.padEnd(first), ...padded].join('  '))
  }
  console.log('')
}

// ---- one page of 500

const kinds = ['values', 'object', 'plain']
const pages = {}
for (const row of kinds) {
  for (const candidate of both) {
    pages[`${candidate} ${row}`] = await open({ candidate, list: 'page', row })
  }
}
pages.guide = await open({ candidate: 'clerks', list: 'page', row: 'select' })
const names = Object.keys(pages)
const changed = await takeTurns(Object.values(pages), 5, 'org:admin')
const changeOf = (name) => changed[names.indexOf(name)]
const alike = both.map((name) => pages[`${name} values`])
const removed = await takeTurns(alike, 3, null)
const tens = { oneByOne: [], gathered: [] }
for (const list of alike) {
  tens.oneByOne.push(await changeTen(list, false))
  tens.gathered.push(await changeTen(list, true))
}

const shownWith = (row) =>
  both.map((name) => {
    const { time, rendered } = changeOf(`${name} ${row}`)
    return `${ms(time)} / ${rendered}`
  })
const guide = changeOf('guide')
print(`a role is chosen: time until it is shown / rows rendered, of ${size}`, three, {
  'row memoised by its values': [...shownWith('values'), '–'],
  'row memoised by the membership': [...shownWith('object'), '–'],
  'row not memoised': [...shownWith('plain'), `${ms(guide.time)} / ${guide.rendered}`],
})

// ---- ten pages of 50

const endless = []
for (const candidate of both) endless.push(await open({ candidate, list: 'pages', row: 'values' }))
const changedEndless = await takeTurns(endless, 3, 'org:admin')
const removedEndless = await takeTurns(endless, 1, null)

const openedIn = both.map((name) => median(kinds.map((row) => pages[`${name} ${row}`].opened.time)))
print('time until it is shown', two, {
  'a page of 500 is opened, the first time': openedIn.map(ms),
  'ten pages of 50 are opened, the first time': endless.map((list) => ms(list.opened.time)),
  'a member of a page is removed': removed.map(({ time }) => ms(time)),
  'a role is chosen in ten pages': changedEndless.map(({ time }) => ms(time)),
  'a member of ten pages is removed': removedEndless.map(({ time }) => ms(time)),
})
print('requests, all that follow included', two, {
  'ten pages of 50 are opened': endless.map((list) => list.opened.requests),
  'a role is chosen in a page': both.map((name) => changeOf(`${name} values`).requests),
  'ten roles are chosen at once in a page': tens.oneByOne,
  '  where the app gathers them to read again once': tens.gathered,
  'a member of a page is removed': removed.map(({ requests }) => requests),
  'a role is chosen in ten pages': changedEndless.map(({ requests }) => requests),
  'a member of ten pages is removed': removedEndless.map(({ requests }) => requests),
})

// ---- what goes wrong

const twice = []
const refused = []
const unknown = []
for (const list of [...alike, pages.guide]) {
  twice.push(await changeTwice(list))
  refused.push(await change(list, 'org:admin', [{ isRefused: true }]))
  unknown.push(await change(list, 'org:admin', [{ isLost: true }]))
}
print('two roles for one member, 50 ms apart', three, {
  'frames until the last choice is shown': twice.map(({ late }) => late),
  'frames that lose it, or keep a refused one': twice.map(({ lost }) => lost),
  'frames with a choice that is refused later': twice.map(({ ahead }) => ahead),
  'runs that leave something untrue on the screen': twice.map(({ untrue }) => untrue),
  'runs in which the older choice wins on the server': twice.map(({ overtaken }) => overtaken),
})
console.log(`  sums of ${Object.keys(ways).length} runs:\n  ${Object.keys(ways).join('\n  ')}\n`)
const end = ({ says, onServer }) => (says === onServer ? 'true' : `UNTRUE: ${says}`)
print('what the screen says after a failure', three, {
  'refused with 403': refused.map(end),
  'made, but answered with 502': unknown.map(end),
})

// ---- size

const signIn = "export { ClerkProvider, useAuth } from '@clerk/react'"
const hooks = [
  'OrganizationMembershipsProvider',
  'useOrganizationMemberships',
  'useUpdateOrganizationMembership',
  'useDeleteOrganizationMembership',
].join()
const ours = `export { ${hooks} } from '@org-memberships/react'
  export { OrganizationMembershipsClient } from '@org-memberships/core'`
const clerks = "export { useOrganization } from '@clerk/react'"
const base = await kilobytes(signIn)
const added = []
for (const candidate of [ours, clerks]) {
  added.push((await kilobytes(`${signIn}\n${candidate}`)) - base)
}
const loaded = alike.map(({ front }) =>
  [...front.scripts.values()].reduce((sum, code) => sum + gzipSync(code, { level: 9 }).length, 0),
)
print('min+gzip, without react', two, {
  'for the sign-in: ClerkProvider and useAuth': [base, base].map(kB),
  'for the sign-in: clerk-js, as the page loads it': loaded.map((bytes) => kB(bytes / 1000)),
  'for the list, on top; SWR and client included': added.map(kB),
})

for (const list of [...Object.values(pages), ...endless]) await list.close()
await browser.close()
