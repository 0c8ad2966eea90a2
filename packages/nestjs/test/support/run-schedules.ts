import { AsyncLocalStorage } from 'node:async_hooks'
import type { Server } from 'node:http'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator, type EmulatorEvent } from '@org-memberships/emulator'
import * as fc from 'fast-check'
import {
  ClerkSessionAccess,
  type CurrentMembershipQuestion,
  MembershipAccess,
  type MembershipCall,
  OrganizationMembershipsHttpModule,
} from '../../src/index.js'
import { newcomer, type Schedule, schedulesUpTo, type Step, users } from './change-schedules.js'
import { faultyUpstream } from './faulty-upstream.js'
import { origin, startMounted } from './mounted.js'

export interface SchedulesOptions {
  readonly seed: number
  readonly count: number
  /** ms that a request may be on its way, or come after the schedule has begun. @default 15 */
  readonly longest?: number
  /** The client's. @default 0 */
  readonly maxRetries?: number
}

export interface SchedulesResult {
  /** One line for each law that was broken, with the schedule that broke it. */
  readonly broken: readonly string[]
  /** How often callers got which status; `hung up` for none. */
  readonly outcomes: ReadonlyMap<number | 'hung up', number>
  readonly sent: number
  /** Organizations that lost admins and kept one. */
  readonly downToOne: number
}

/** Runs random schedules, each in an organization of its own, in one app with two mounts that share a client. */
export async function runSchedules({
  seed,
  count,
  longest = 15,
  maxRetries = 0,
}: SchedulesOptions): Promise<SchedulesResult> {
  const schedules = fc.sample(schedulesUpTo(longest), { seed, numRuns: count })
  const emulator = await createEmulator({ seed: seedOf(schedules) })
  const truth = new Truth(emulator, schedules)
  const underWay = new AsyncLocalStorage<{ organizationId: string; own: Step }>()
  const callers = new Map<Step, AbortController>()
  const sent = new Set<Step>()
  const broken: string[] = []

  const upstream = faultyUpstream(emulator, () => {
    const { organizationId, own } = underWay.getStore()!
    // A retry is not sent anew: somebody who removed themselves has been removed by the attempt before.
    if (!sent.has(own) && !truth.isAdmin(organizationId, own.by)) {
      broken.push(`${organizationId}: a change of ${own.by}, who may not, was sent`)
    }
    sent.add(own)
    if (own.hangUp === 'once sent') setImmediate(() => callers.get(own)?.abort())
    return own.fate
  })

  class Traced extends MembershipAccess {
    readonly #access: MembershipAccess

    constructor(access: MembershipAccess) {
      super()
      this.#access = access
    }

    override authorize(call: MembershipCall) {
      return this.#access.authorize(call)
    }

    override change<T>(call: MembershipCall, run: () => Promise<T>) {
      const { organizationId, request } = call
      const own = stepOf(schedules, organizationId, Number(request.headers['x-step']))
      return underWay.run({ organizationId, own }, () => this.#access.change(call, run))
    }

    override currentMembership(question: CurrentMembershipQuestion) {
      return this.#access.currentMembership(question)
    }
  }

  const { secretKey, origin: apiUrl } = emulator
  const access = {
    inject: [OrganizationMembershipsClient],
    useFactory: async (client: OrganizationMembershipsClient) =>
      new Traced(
        await ClerkSessionAccess.create(client, { secretKey, apiUrl, authorizedParties: [origin] }),
      ),
  }
  const mounted = await startMounted('express', {
    emulator,
    client: { fetch: upstream.fetch, maxRetries },
    http: { access },
    metadata: { imports: [OrganizationMembershipsHttpModule.forRoot({ access, path: 'v2' })] },
  })
  const tokens = new Map<string, string>()
  for (const userId of users) {
    tokens.set(
      userId,
      // oxlint-disable-next-line no-await-in-loop -- four
      await emulator.createSessionToken({ userId, azp: origin, expiresIn: 3600 }),
    )
  }

  const outcomes = new Map<number | 'hung up', number>()
  const perform = async (organizationId: string, index: number, own: Step) => {
    await new Promise((resolve) => setTimeout(resolve, own.at))
    const caller = new AbortController()
    callers.set(own, caller)
    const { hangUp } = own
    if (typeof hangUp === 'number') setTimeout(() => caller.abort(), hangUp)
    const token = tokens.get(own.by)!
    const status = await send(mounted.url, organizationId, index, own, token, caller.signal)
    outcomes.set(status, (outcomes.get(status) ?? 0) + 1)
  }
  const waiting = schedules.map(({ steps }, index) => ({ organizationId: idOf(index), steps }))
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { organizationId, steps } = next
      // oxlint-disable-next-line no-await-in-loop -- some at a time, so that each runs close to its times
      await Promise.all(steps.map((own, index) => perform(organizationId, index, own)))
    }
  }
  await Promise.all(Array.from({ length: longest > 100 ? 64 : 16 }, work))
  await upstream.idle()

  let downToOne = 0
  for (const [index, { admins }] of schedules.entries()) {
    const left = truth.adminCount(idOf(index))
    if (left === 0) broken.push(`${idOf(index)}: nobody runs it any more`)
    if (left === 1 && admins > 1) downToOne += 1
  }
  // A connection on which a caller hung up before sending anything would hold the server up.
  ;(mounted.app.getHttpServer() as Server).closeAllConnections()
  await mounted.close()
  await emulator.close()
  const withSchedule = broken.map(
    (line) => `${line}\n${JSON.stringify(schedules[Number(/org_(\d+)/.exec(line)?.[1])], null, 1)}`,
  )
  return { broken: withSchedule, outcomes, sent: upstream.sent.length, downToOne }
}

const idOf = (index: number) => `org_${index}`

function stepOf(schedules: readonly Schedule[], organizationId: string, index: number): Step {
  return schedules[Number(organizationId.slice('org_'.length))]!.steps[index]!
}

function seedOf(schedules: readonly Schedule[]) {
  return {
    users: users.map((id) => ({ id })),
    organizations: schedules.map(({ admins }, index) => ({
      id: idOf(index),
      name: idOf(index),
      memberships: users
        .filter((id) => id !== newcomer)
        .map((user_id, rank) => ({ user_id, role: rank < admins ? 'org:admin' : 'org:member' })),
    })),
  }
}

/** Who runs which organization, as of this moment: the emulator reports each change when it makes it. */
class Truth {
  readonly #admins = new Map<string, Set<string>>()

  constructor(emulator: Emulator, schedules: readonly Schedule[]) {
    for (const [index, { admins }] of schedules.entries()) {
      this.#admins.set(idOf(index), new Set(users.slice(0, admins)))
    }
    emulator.onEvent((event) => this.#take(event))
  }

  isAdmin(organizationId: string, userId: string): boolean {
    return this.#admins.get(organizationId)?.has(userId) ?? false
  }

  adminCount(organizationId: string): number {
    return this.#admins.get(organizationId)?.size ?? 0
  }

  #take(event: EmulatorEvent): void {
    if (!event.type.startsWith('organizationMembership.')) return
    const {
      organization,
      public_user_data: user,
      role,
    } = event.data as {
      organization: { id: string }
      public_user_data: { user_id: string }
      role: string
    }
    const admins = this.#admins.get(organization.id)
    if (event.type !== 'organizationMembership.deleted' && role === 'org:admin') {
      admins?.add(user.user_id)
    } else admins?.delete(user.user_id)
  }
}

async function send(
  url: string,
  organizationId: string,
  index: number,
  { about, operation, mount }: Step,
  token: string,
  signal: AbortSignal,
): Promise<number | 'hung up'> {
  const list = `${url}/${mount}/organizations/${organizationId}/memberships`
  const [method, address, body] = requestOf(operation, list, about)
  try {
    const response = await fetch(address, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        'X-Step': String(index),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal,
    })
    await response.arrayBuffer()
    return response.status
  } catch (error) {
    if (!signal.aborted) throw error
    return 'hung up'
  }
}

function requestOf(
  operation: Step['operation'],
  list: string,
  about: string,
): [method: string, address: string, body?: unknown] {
  switch (operation) {
    case 'create':
      return ['POST', list, { user_id: about, role: 'org:admin' }]
    case 'demote':
      return ['PATCH', `${list}/${about}`, { role: 'org:member' }]
    case 'promote':
      return ['PATCH', `${list}/${about}`, { role: 'org:admin' }]
    case 'label':
      return ['PATCH', `${list}/${about}/metadata`, { public_metadata: { seen: true } }]
    case 'delete':
      return ['DELETE', `${list}/${about}`]
  }
}
