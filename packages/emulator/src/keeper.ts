import type { Instance } from './api/instance.js'
import { toMembershipJSON } from './api/presentation.js'
import { createEvent, EventListeners, type MembershipEvent } from './events/event.js'
import type { WebhookSender } from './events/webhooks.js'
import { Journal } from './journal/journal.js'
import { type PendingEvent, putLine, removeLine } from './journal/lines.js'
import { restore } from './journal/restore.js'
import { checkSeed } from './seed/check.js'
import { exportSeed } from './seed/export.js'
import { readSeedFile } from './seed/file.js'
import { loadSeed, type LoadOptions } from './seed/load.js'
import type { Seed } from './seed/seed.js'
import type { IncomingRequest } from './server/message.js'
import type { MembershipRecord } from './store/records.js'
import type { ChangeKind, Store } from './store/store.js'

export interface KeeperOptions {
  readonly instance: Pick<Instance, 'rules' | 'clock' | 'createId'>
  readonly instanceId: string
  readonly seed: Seed | string | URL
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
  #store: Store
  /** Grows with each seed and reset. */
  #starts = 0

  private constructor(options: KeeperOptions, store: Store, journal: Journal | undefined) {
    this.#options = options
    this.#store = store
    this.#journal = journal
    this.sender = options.createSender?.((id) => journal?.append({ delivered: id }))
  }

  static async open(options: KeeperOptions): Promise<InstanceKeeper> {
    const { dataFile, instance } = options
    if (dataFile === undefined) {
      return new InstanceKeeper(options, await loadFirst(options), undefined)
    }
    const { journal, saved } = await Journal.open(dataFile)
    try {
      if (saved === undefined) {
        const store = await loadFirst(options)
        await journal.rewrite(exportSeed(store), store, [])
        return new InstanceKeeper(options, store, journal)
      }
      const { store, events } = restore(saved, loadOptions(instance, dataFile))
      const keeper = new InstanceKeeper(options, store, journal)
      const pending = keeper.sender === undefined ? [] : events
      await journal.rewrite(saved.header.seed, store, pending)
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
  async seed(seed: Seed): Promise<void> {
    const { instance } = this.#options
    this.#store = loadSeed(checkSeed(seed, seedName), loadOptions(instance, seedName))
    await this.#restart()
  }

  /** Goes back to the seed, at once; the promise is for the data file. */
  async reset(): Promise<void> {
    this.#store.revert()
    await this.#restart()
  }

  async #restart(): Promise<void> {
    this.#starts += 1
    this.sender?.forget()
    await this.#journal?.rewrite(exportSeed(this.#store), this.#store, [])
  }

  async close(): Promise<void> {
    this.sender?.stop()
    await this.#journal?.close()
  }

  #changed(kind: ChangeKind, membership: MembershipRecord, request: IncomingRequest): void {
    const pending = this.#pendingEvent(kind, membership, request)
    const isSent = pending !== undefined && this.sender?.wants(pending.event) === true
    if (this.#journal !== undefined) {
      const change = kind === 'deleted' ? removeLine(membership) : putLine(membership)
      this.#journal.append(isSent ? { ...change, event: pending } : change)
    }
    if (pending === undefined) return
    if (this.listeners.size > 0) {
      // A copy: a listener that changes it must not reach the store.
      this.listeners.tell(JSON.parse(JSON.stringify(pending.event)) as MembershipEvent)
    }
    if (isSent) void this.#sendOnceSaved(pending)
  }

  /** A change that nobody could read back must not be announced. */
  async #sendOnceSaved({ id, event }: PendingEvent): Promise<void> {
    const starts = this.#starts
    try {
      await this.#journal?.saved()
    } catch {
      // The request itself is answered 500.
      return
    }
    if (starts === this.#starts) this.sender?.send(id, event)
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

const seedName = 'The seed'

async function loadFirst({ seed, instance }: KeeperOptions): Promise<Store> {
  const isFile = typeof seed === 'string' || seed instanceof URL
  const source = isFile ? String(seed) : seedName
  const data = isFile ? await readSeedFile(seed) : seed
  return loadSeed(checkSeed(data, source), loadOptions(instance, source))
}

function loadOptions({ clock, createId }: KeeperOptions['instance'], source: string): LoadOptions {
  return { source, now: clock.now(), createId }
}
