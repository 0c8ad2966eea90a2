import { randomUUID } from 'node:crypto'
import {
  type CreateOrganizationMembershipParams,
  type DeleteOrganizationMembershipParams,
  InvalidArgumentError,
  type OrganizationMembership,
  type OrganizationRole,
  type UpdateOrganizationMembershipMetadataParams,
  type UpdateOrganizationMembershipParams,
} from '@org-memberships/core'
import { toPathSegment } from '@org-memberships/core/contract'
import { OrganizationChangeError } from '../errors.js'
import type { MirrorContext } from '../options.js'
import { pause } from '../refresh/pause.js'
import {
  certaintyOf,
  releaseChangeLease,
  renewChangeLease,
  takeChangeLease,
} from '../rows/change-lease.js'
import { takeMoment } from '../rows/tables.js'
import { type MirrorWriteOptions, writeThrough } from './own-writes.js'
import { createWrite, deleteWrite, updateMetadataWrite, updateWrite, type Write } from './writes.js'

export interface OrganizationChangeOptions {
  /** Time to wait for other changes of the organization, and then for this one, ms each. @default 30_000 */
  timeout?: number | undefined
  signal?: AbortSignal | undefined
}

/** What a change of an organization may do while no other one runs. */
export interface OrganizationChange {
  readonly organizationId: string
  /** Aborts when the time is over, or when the hold on the organization was lost. */
  readonly signal: AbortSignal
  /**
   * The members who certainly have one of these roles. Left out is whoever may have lost it: a member whom a write
   * without a known outcome may still change, say. So it may be too few, and is never too many.
   */
  membersWithRole(
    role: OrganizationRole | readonly OrganizationRole[],
  ): Promise<OrganizationMembership[]>
  /** These are the client's writes. They send nothing once the hold on the organization was lost. */
  create(
    params: OfOrganization<CreateOrganizationMembershipParams>,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership>
  update(
    params: OfOrganization<UpdateOrganizationMembershipParams>,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership>
  updateMetadata(
    params: OfOrganization<UpdateOrganizationMembershipMetadataParams>,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership>
  delete(
    params: OfOrganization<DeleteOrganizationMembershipParams>,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership>
}

/** The organization is the one that is held. */
type OfOrganization<Params> = Omit<Params, 'organizationId'>

const lease = 15_000
const pollEvery = { least: 20, most: 200 }

/** One change of an organization at a time: by a lane within this process, and by a lease in the database across all. */
export class OrganizationChanges {
  readonly #context: MirrorContext
  readonly #lanes = new Map<string, Promise<unknown>>()

  constructor(context: MirrorContext) {
    this.#context = context
  }

  async run<Result>(
    organizationId: string,
    change: (change: OrganizationChange) => Promise<Result>,
    { timeout = 30_000, signal }: OrganizationChangeOptions = {},
  ): Promise<Result> {
    toPathSegment('organizationId', organizationId)
    if (!(Number.isSafeInteger(timeout) && timeout > 0)) {
      throw new InvalidArgumentError(
        'timeout',
        `timeout must be a whole number of milliseconds above 0: it is ${timeout}.`,
      )
    }
    const before = this.#lanes.get(organizationId) ?? Promise.resolve()
    const turn = this.#inTurn(before, organizationId, change, timeout, signal)
    // The next one waits for the end of this one, however it ends.
    const lane = Promise.allSettled([before, turn])
    this.#lanes.set(organizationId, lane)
    try {
      return await turn
    } finally {
      if (this.#lanes.get(organizationId) === lane) this.#lanes.delete(organizationId)
    }
  }

  async #inTurn<Result>(
    before: Promise<unknown>,
    organizationId: string,
    change: (change: OrganizationChange) => Promise<Result>,
    timeout: number,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const waiting = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])])
    const holder = randomUUID()
    try {
      await untilAborted(before, waiting)
      await this.#take(organizationId, holder, waiting)
    } catch (error) {
      signal?.throwIfAborted()
      if (!waiting.aborted) throw error
      throw new OrganizationChangeError(
        'busy',
        `Other changes of ${organizationId} have run for ${timeout} ms. Nothing was done.`,
      )
    }
    return this.#hold(organizationId, holder, change, timeout, signal)
  }

  async #take(organizationId: string, holder: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      if (await takeChangeLease(this.#context.tables, organizationId, holder, lease)) return
      await pause(pollEvery.least + Math.random() * (pollEvery.most - pollEvery.least), signal)
    }
  }

  async #hold<Result>(
    organizationId: string,
    holder: string,
    change: (change: OrganizationChange) => Promise<Result>,
    timeout: number,
    outer: AbortSignal | undefined,
  ): Promise<Result> {
    const { tables, settle, onError } = this.#context
    const abort = new AbortController()
    const end = (error: unknown) => abort.abort(error)
    const limit = setTimeout(() => {
      end(
        new OrganizationChangeError(
          'timeout',
          `The change of ${organizationId} has run for ${timeout} ms: whether it was carried out is not known.`,
        ),
      )
    }, timeout)
    const lost = () =>
      end(
        new OrganizationChangeError(
          'lost',
          `The hold on ${organizationId} was lost: whether the change was carried out is not known.`,
        ),
      )
    const renewal = setInterval(() => {
      renewChangeLease(tables, organizationId, holder, lease).then(
        (renewed) => renewed || lost(),
        (error: unknown) => {
          onError(error)
          lost()
        },
      )
    }, lease / 3)
    const onOuterAbort = () => end(outer?.reason)
    outer?.addEventListener('abort', onOuterAbort, { once: true })
    if (outer?.aborted === true) onOuterAbort()
    let unknown = true
    try {
      const result = await untilAborted(
        change(this.#change(organizationId, holder, abort.signal)),
        abort.signal,
      )
      unknown = false
      return result
    } catch (error) {
      unknown = abort.signal.aborted
      throw error
    } finally {
      clearTimeout(limit)
      clearInterval(renewal)
      outer?.removeEventListener('abort', onOuterAbort)
      // What was begun may still go on.
      abort.abort(new OrganizationChangeError('lost', 'The change has ended.'))
      await releaseChangeLease(tables, organizationId, holder, unknown ? settle : undefined).catch(
        onError,
      )
    }
  }

  #change(organizationId: string, holder: string, signal: AbortSignal): OrganizationChange {
    const context = this.#context
    // Whoever holds the organization after us finds the mark of this write, or we find that we hold it no more.
    const confirm = async () => {
      signal.throwIfAborted()
      if (await renewChangeLease(context.tables, organizationId, holder, lease)) return
      throw new OrganizationChangeError(
        'lost',
        `The hold on ${organizationId} was lost. Nothing was sent.`,
      )
    }
    const { client } = context
    const send = (write: Write, options?: MirrorWriteOptions) =>
      writeThrough(context, write, options, confirm)
    return {
      organizationId,
      signal,
      membersWithRole: (role) => membersWithRole(context, organizationId, [role].flat(), signal),
      create: (params, options) =>
        send(createWrite(client, { ...params, organizationId }), options),
      update: (params, options) =>
        send(updateWrite(client, { ...params, organizationId }), options),
      updateMetadata: (params, options) =>
        send(updateMetadataWrite(client, { ...params, organizationId }), options),
      delete: (params, options) =>
        send(deleteWrite(client, { ...params, organizationId }), options),
    }
  }
}

/** Reads the list, and waits until it may be believed. */
async function membersWithRole(
  { client, tables, settle }: MirrorContext,
  organizationId: string,
  roles: readonly OrganizationRole[],
  signal: AbortSignal,
): Promise<OrganizationMembership[]> {
  for (let attempt = 0; ; attempt += 1) {
    const { at } = await takeMoment(tables)
    const found: OrganizationMembership[] = []
    for await (const membership of client.listAll({ organizationId, role: roles }, { signal })) {
      if (roles.includes(membership.role)) found.push(membership)
    }
    const userIds = found.flatMap(({ publicUserData }) => publicUserData?.userId ?? [])
    const { certain, wait } = await certaintyOf(tables, organizationId, userIds, at)
    // Twice is enough, unless its members change all the time.
    if (wait === undefined || attempt === 2) {
      return found.filter(({ publicUserData }) => certain.has(publicUserData?.userId ?? ''))
    }
    await pause(Math.min(wait, settle) + 1, signal)
  }
}

/** The promise's end, or the signal's, whichever comes first. */
function untilAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason as Error)
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end))
  })
}
