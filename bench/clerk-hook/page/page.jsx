// The page: a list of members, and what the benchmark does with it. Clerk's sign-in is there for both candidates: these
// hooks take their session token from it.
import { ClerkProvider, useAuth } from '@clerk/react'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  createOrganizationMembershipsStore,
  OrganizationMembershipsProvider,
} from '@org-memberships/react'
import { useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { lists } from './lists.js'
import { counts, rows } from './rows.jsx'

/** What is on the screen: rows, and what can be done with them. */
const shown = {}

function listWith(useList, Row) {
  return function List({ organizationId }) {
    const list = useList(organizationId)
    useLayoutEffect(() => {
      Object.assign(shown, list)
    })
    return list.rows?.map((row) => (
      <Row key={row.publicUserData.userId} row={row} onChoose={choose} />
    ))
  }
}

function SignedIn({ List }) {
  const { isLoaded, orgId } = useAuth()
  useLayoutEffect(() => {
    shown.isSignedIn = isLoaded && orgId !== null
  })
  return isLoaded && List !== undefined ? <List organizationId={orgId} /> : null
}

const client = new OrganizationMembershipsClient({
  baseURL: '/v1',
  getToken: () => globalThis.Clerk.session.getToken(),
  maxRetries: 0, // the NestJS module has tried again already
})
const store = createOrganizationMembershipsStore(client)
const root = createRoot(document.getElementById('root'))

function render(List) {
  root.render(
    <ClerkProvider
      publishableKey={`pk_test_${btoa('bench.clerk.accounts.dev$')}`}
      proxyUrl="/clerk"
      prefetchUI={false}
      telemetry={false}
    >
      <OrganizationMembershipsProvider store={store}>
        <SignedIn List={List} />
      </OrganizationMembershipsProvider>
    </ClerkProvider>,
  )
}

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time))

async function until(condition) {
  while (!condition()) await pause(1)
}

function says(userId) {
  const element = document.getElementById(userId)
  return element?.value ?? element?.textContent ?? null
}

/** When a change was answered, and how. */
let answered

function choose(row, role) {
  answered = (async () => {
    try {
      await (role === null ? shown.remove(row) : shown.change(row, role))
      return { at: performance.now(), isMade: true }
    } catch {
      return { at: performance.now(), isMade: false }
    }
  })()
}

/** What a person does: chooses a role, or, with `null`, removes. */
function chooseFor(userId, role) {
  const element = document.getElementById(userId)
  if (role !== null && element.localName === 'select') {
    element.value = role
    element.dispatchEvent(new Event('change', { bubbles: true }))
  } else {
    const row = shown.rows.find(({ publicUserData }) => publicUserData.userId === userId)
    choose(row, role)
  }
  return answered
}

async function showOnceMade(answer) {
  const { isMade } = await answer
  if (isMade) await shown.afterwards()
}

let watch = { isOn: false }

globalThis.bench = {
  async signIn() {
    render()
    await until(() => shown.isSignedIn)
  },

  /** @returns ms until `count` rows are there */
  async show({ candidate, list, row }, count) {
    const start = performance.now()
    render(listWith(lists[candidate][list], rows[row]))
    await until(() => shown.rows !== undefined)
    while (shown.rows.length < count && shown.hasNextPage) {
      const { length } = shown.rows
      shown.fetchNext()
      await until(() => shown.rows.length > length)
    }
    await until(() => document.querySelectorAll('li').length === count)
    return performance.now() - start
  },

  /** From here on, each frame as it is painted: when, and what it says about one member. */
  watch(userId) {
    counts.rendered = 0
    const now = { isOn: true, frames: [] }
    watch = now
    requestAnimationFrame(function look() {
      now.frames.push({ at: performance.now(), says: says(userId) })
      if (now.isOn) requestAnimationFrame(look)
    })
  },

  idle: () =>
    new Promise((resolve) => {
      requestIdleCallback(() => setTimeout(resolve, 30))
    }),

  unwatch(userId) {
    watch.isOn = false
    return { frames: watch.frames, rendered: counts.rendered, says: says(userId) }
  },

  /** Chooses one role after the other, each while the one before is on its way. */
  async choose(userId, roles) {
    const choices = []
    for (const role of roles) {
      await pause(50)
      choices.push({ role, at: performance.now(), answer: chooseFor(userId, role) })
    }
    await Promise.all(choices.map(({ answer }) => showOnceMade(answer)))
    const answers = await Promise.all(choices.map(({ answer }) => answer))
    return choices.map(({ role, at }, index) => ({ role, at, answer: answers[index] }))
  },

  /** @param {boolean} isGathered whether the app waits for all before it does what it must to show them */
  async chooseForAll(userIds, role, isGathered) {
    const answers = userIds.map((userId) => chooseFor(userId, role))
    if (!isGathered) return Promise.all(answers.map(showOnceMade))
    await Promise.all(answers)
    return shown.afterwards()
  },
}
