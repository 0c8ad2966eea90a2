import type {
  CountOrganizationMembershipsParams,
  CreateOrganizationMembershipParams,
  DeleteOrganizationMembershipParams,
  GetOrganizationMembershipParams,
  ListAllMembershipsForUserParams,
  ListAllOrganizationMembershipsParams,
  ListMembershipsForUserParams,
  ListOrganizationMembershipsParams,
  OrganizationMembership,
  OrganizationMembershipPage,
  RequestOptions,
  UpdateOrganizationMembershipMetadataParams,
  UpdateOrganizationMembershipParams,
} from '@org-memberships/core'
import { type ChangesParams, followChanges, type MembershipChange } from './feed/feed.js'
import { prune } from './feed/prune.js'
import { type MirrorContext, type MirrorOptions, resolveMirrorOptions } from './options.js'
import { get } from './reading/get.js'
import { inspect, type Inspection } from './reading/inspect.js'
import { listAllForUser, listForUser } from './reading/list-for-user.js'
import { count, list, listAll } from './reading/list.js'
import { assertInstance, type MirrorEvent, type Receipt, receiveEvent } from './receive.js'
import { reconcile, type ReconcileParams } from './refresh/reconcile.js'
import { refresh, type RefreshParams, type RefreshReport } from './refresh/refresh.js'
import { OrganizationUses } from './refresh/uses.js'
import { Worker } from './refresh/worker.js'
import { checkSchema } from './schema/migrate.js'
import {
  type OrganizationChange,
  type OrganizationChangeOptions,
  OrganizationChanges,
} from './writes/organization-change.js'
import { type MirrorWriteOptions, writeThrough } from './writes/own-writes.js'
import { createWrite, deleteWrite, updateMetadataWrite, updateWrite } from './writes/writes.js'

/**
 * Memberships in the app's own Postgres: the client's methods, answered from rows that are kept true.
 *
 * Every method rejects with an error of the client's, or with a `MirrorError`.
 *
 * @example
 * ```ts
 * const mirror = createOrganizationMembershipsMirror({ client, database: fromPool(pool) })
 * mirror.start()
 * await mirror.receive(await verifyWebhook(request))
 * const membership = await mirror.get({ organizationId: 'org_1', userId: 'user_1' })
 * ```
 */
export class OrganizationMembershipsMirror {
  readonly #context: MirrorContext
  readonly #uses = new OrganizationUses()
  readonly #worker: Worker
  readonly #changes: OrganizationChanges
  #ready: Promise<void> | undefined

  /** @throws InvalidArgumentError when an option is missing or cannot work; it names the option */
  constructor(options: MirrorOptions) {
    this.#context = resolveMirrorOptions(options)
    this.#changes = new OrganizationChanges(this.#context)
    this.#worker = new Worker(this.#context, this.#uses, () => this.#open())
  }

  /**
   * Takes a webhook's event, once its signature is verified. When this resolves, the hint is committed: answer the webhook
   * with success then. The event's content is not believed, so it may come twice, late or out of order.
   *
   * @returns `ignored` for events that say nothing about memberships
   * @throws InstanceMismatchError for an event of another Clerk instance
   */
  async receive(event: MirrorEvent): Promise<Receipt> {
    await this.#open()
    const receipt = await receiveEvent(this.#context, event)
    if (receipt === 'accepted') this.#worker.wake()
    return receipt
  }

  /** Runs refreshes, checks and reconciles in the background until `stop()`. In every process, if you like. */
  start(): void {
    this.#worker.start()
  }

  /** Ends what `start()` began, and resolves when nothing of it runs any more. */
  stop(): Promise<void> {
    return this.#worker.stop()
  }

  /**
   * Reads what is stale, for an app without a worker: after `receive`, or from a cron. Errors of the API are in the
   * report, and their rows are due again later.
   */
  async refresh(params?: RefreshParams): Promise<RefreshReport> {
    await this.#open()
    return refresh(this.#context, params)
  }

  /**
   * Compares with the API while changes go on, and repairs. What was begun and not ended is gone on with.
   *
   * @throws UnconfirmedRemovalError where more would be removed at once than `allowRemovals` is needed for
   */
  async reconcile(params?: ReconcileParams): Promise<RefreshReport> {
    await this.#open()
    await prune(this.#context)
    return reconcile(this.#context, params)
  }

  /** One member, or `null` where the user is not a member. From the rows where they may be trusted, else from the API. */
  async get(
    params: GetOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership | null> {
    await this.#open()
    return get(this.#context, this.#uses, params, options)
  }

  /** What is known of a member, and how well. Asks nothing of the API. */
  async inspect(params: GetOrganizationMembershipParams): Promise<Inspection> {
    await this.#open()
    return inspect(this.#context, params)
  }

  /** One page of an organization's members, with the number of all matches. */
  async list(
    params: ListOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    await this.#open()
    return list(this.#context, params, options)
  }

  /** Every member of an organization that matches, oldest membership first. */
  listAll(
    params: ListAllOrganizationMembershipsParams,
    options?: RequestOptions,
  ): AsyncIterable<OrganizationMembership> {
    return this.#opened(listAll(this.#context, params, options))
  }

  /** How many members match. */
  async count(
    params: CountOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<number> {
    await this.#open()
    return count(this.#context, params, options)
  }

  /** One page of a user's memberships, newest first. */
  async listForUser(
    params: ListMembershipsForUserParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    await this.#open()
    return listForUser(this.#context, params, options)
  }

  /** Every membership of a user, newest first. */
  listAllForUser(
    params: ListAllMembershipsForUserParams,
    options?: RequestOptions,
  ): AsyncIterable<OrganizationMembership> {
    return this.#opened(listAllForUser(this.#context, params, options))
  }

  /** `create` of the client, and the row with it. */
  async create(
    params: CreateOrganizationMembershipParams,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership> {
    await this.#open()
    return writeThrough(this.#context, createWrite(this.#context.client, params), options)
  }

  /** `update` of the client, and the row with it. */
  async update(
    params: UpdateOrganizationMembershipParams,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership> {
    await this.#open()
    return writeThrough(this.#context, updateWrite(this.#context.client, params), options)
  }

  /** `updateMetadata` of the client, and the row with it. */
  async updateMetadata(
    params: UpdateOrganizationMembershipMetadataParams,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership> {
    await this.#open()
    return writeThrough(this.#context, updateMetadataWrite(this.#context.client, params), options)
  }

  /** `delete` of the client, and the row with it. */
  async delete(
    params: DeleteOrganizationMembershipParams,
    options?: MirrorWriteOptions,
  ): Promise<OrganizationMembership> {
    await this.#open()
    return writeThrough(this.#context, deleteWrite(this.#context.client, params), options)
  }

  /**
   * Runs one change of an organization at a time, over all processes that use these tables: for rules that look at several
   * members, such as "the last admin stays". What is changed by others, in Clerk's dashboard say, is not held up.
   *
   * @throws OrganizationChangeError
   *
   * @example
   * ```ts
   * await mirror.withOrganization('org_1', async (organization) => {
   *   const admins = await organization.membersWithRole('org:admin')
   *   const others = admins.filter(({ publicUserData }) => publicUserData?.userId !== userId)
   *   if (others.length === 0) throw new Error('An organization needs an admin.')
   *   await organization.delete({ userId })
   * })
   * ```
   */
  async withOrganization<Result>(
    organizationId: string,
    run: (organization: OrganizationChange) => Promise<Result>,
    options?: OrganizationChangeOptions,
  ): Promise<Result> {
    await this.#open()
    return this.#changes.run(organizationId, run, options)
  }

  /**
   * Changes in the order in which they are committed, without gaps and without end: those that are kept after a number, and
   * then those that come.
   *
   * @throws ChangesPrunedError while iterating, where changes after that number are no longer kept
   */
  changes(params: ChangesParams = {}): AsyncIterable<MembershipChange> {
    return this.#opened(followChanges(this.#context, params))
  }

  #opened<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    const open = () => this.#open()
    return {
      async *[Symbol.asyncIterator]() {
        await open()
        yield* items
      },
    }
  }

  /** Once: whether the tables are there, and of this instance. Tried again after a failure. */
  #open(): Promise<void> {
    this.#ready ??= this.#checkTables().catch((error: unknown) => {
      this.#ready = undefined
      throw error
    })
    return this.#ready
  }

  async #checkTables(): Promise<void> {
    const { tables, instanceId } = this.#context
    await checkSchema(tables.database, { schema: tables.schema })
    if (instanceId !== undefined) await assertInstance(tables, instanceId)
  }
}

/** A mirror of memberships in the app's database. `migrate()` makes its tables. */
export function createOrganizationMembershipsMirror(
  options: MirrorOptions,
): OrganizationMembershipsMirror {
  return new OrganizationMembershipsMirror(options)
}
