import type { Instance } from './api/instance.js'
import { toMembershipJSON } from './api/presentation.js'
import { createEvent, EventListeners, type MembershipEvent } from './events/event.js'
import type { WebhookSender } from './events/webhooks.js'
import { Journal } from './journal/journal.js'
import { type ChangeLine, type PendingEvent, placedMembership } from './journal/lines.js'
import { restore } from './journal/restore.js'
import { createStore, type SettledSeed } from './seed/load.js'
import type { IncomingRequest } from './server/message.js'
import type { MembershipRecord } from './store/records.js'
import type { ChangeKind, Store } from './store/store.js'

export interface KeeperOptions {
  readonly instance: Pick<Instance, 'rules' | 'clock' | 'createId'>
  readonly instanceId: string
  /** Made when it is needed: a data file makes a seed needless. */
  readonly settleFirst: () => Promise<SettledSeed>
  readonly dataFile: string | undefined
  /** Makes the sender; it tells of each event that needs no more attempts. */
  readonly createSender: ((onDone: (id: string) => void) => WebhookSender) | undefined
}

/** Keeps one instance: its seed and store, its data file, and who is told of its changes. */
export class InstanceKeeper {
  readonly listeners = new EventListeners()
  readonly sender: WebhookSender | undefined
  readonly #options: KeeperOptions
  readonly #journal: Journal | undefined
  #settled: SettledSeed
  #store: Store

  private constructor(
    options: KeeperOptions,
    settled: SettledSeed,
    store: Store,
    journal: Journal | undefined,
  ) {
    this.#options = options
    this.#settled = settled
    this.#store = store
    this.#journal = journal
    this.sender = options.createSender?.((id) => journal?.append({ delivered: id }))
  }

  static async open(options: KeeperOptions): Promise<InstanceKeeper> {
    if (options.dataFile === undefined) {
      const settled = await options.settleFirst()
      return new InstanceKeeper(options, settled, createStore(settled), undefined)
    }
    const { journal, saved } = await Journal.open(options.dataFile)
    try {
      const settled = saved?.header.seed ?? (await options.settleFirst())
      const { store, events } =
        saved === undefined ? { store: createStore(settled), events: [] } : restore(saved)
      const keeper = new InstanceKeeper(options, settled, store, journal)
      const pending = keeper.sender === undefined ? [] : events
      await journal.rewrite(settled, store, pending)
      for (const { id, event } of pending) keeper.sender?.send(id, event)
      return keeper
    } catch (error) {
      await journal.close()
      throw error
    }
  }

  get store(): Store {
    return this.#store
  }

  instanceFor(request: IncomingRequest): Instance {
    return {
      ...this.#options.instance,
      store: this.#store,
      onChange: (kind, membership) => this.#changed(kind, membership, request),
    }
  }

  /** Resolves when every change so far is kept. */
  async saved(): Promise<void> {
    await this.#journal?.saved()
  }

  /** Replaces what the instance holds, at once; the promise is for the data file. */
  async replace(settled: SettledSeed = this.#settled): Promise<void> {
    this.#settled = settled
    this.#store = createStore(settled)
    this.sender?.stop()
    await this.#journal?.rewrite(settled, this.#store, [])
  }

  async close(): Promise<void> {
    this.sender?.stop()
    await this.#journal?.close()
  }

  #changed(kind: ChangeKind, membership: MembershipRecord, request: IncomingRequest): void {
    const pending = this.#pendingEvent(kind, membership, request)
    const { organization, user } = membership
    const change: ChangeLine =
      kind === 'deleted'
        ? { remove: { organization_id: organization.id, user_id: user.id } }
        : { put: placedMembership(membership) }
    const isSent = pending !== undefined && this.sender?.wants(pending.event) === true
    this.#journal?.append(isSent ? { ...change, event: pending } : change)
    if (pending === undefined) return
    this.listeners.tell(pending.event)
    if (isSent) this.#sendOnceSaved(pending)
  }

  /** A change that nobody could read back must not have been announced. */
  #sendOnceSaved({ id, event }: PendingEvent): void {
    if (this.#journal === undefined) {
      this.sender?.send(id, event)
      return
    }
    this.#journal.saved().then(
      () => this.sender?.send(id, event),
      () => {},
    )
  }

  #pendingEvent(
    kind: ChangeKind,
    membership: MembershipRecord,
    request: IncomingRequest,
  ): PendingEvent | undefined {
    if (this.sender === undefined && this.listeners.size === 0) return undefined
    const { clock, createId } = this.#options.instance
    const timestamp = clock.now()
    const event: MembershipEvent = createEvent({
      kind,
      data: toMembershipJSON(membership),
      timestamp,
      instanceId: this.#options.instanceId,
      request,
    })
    return { id: createId('msg', timestamp), event }
  }
}
