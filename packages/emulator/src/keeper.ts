import type { Instance } from './api/instance.js'
import { createEvent, type EmulatorEvent, type EventDraft, EventListeners } from './events/event.js'
import type { WebhookSender } from './events/webhooks.js'
import { Journal } from './journal/journal.js'
import type { PendingEvent } from './journal/lines.js'
import { restore } from './journal/restore.js'
import { checkSeed } from './seed/check.js'
import { exportSeed } from './seed/export.js'
import { readSeedFile } from './seed/file.js'
import { loadSeed, type LoadOptions } from './seed/load.js'
import type { Seed } from './seed/seed.js'
import { Replica } from './store/replica.js'
import type { Change } from './store/rows.js'
import type { Store } from './store/store.js'

export interface KeeperOptions {
  readonly instance: Pick<Instance, 'rules' | 'clock' | 'createId'>
  readonly instanceId: string
  readonly seed: Seed | string | URL
  readonly dataFile: string | undefined
  /** ms that lists are behind. */
  readonly lag: number
  /** Makes the sender; it says of each event when that needs no more attempts. */
  readonly createSender: ((onDone: (id: string) => void) => WebhookSender) | undefined
}

/** Who asked for a change. */
export interface Origin {
  readonly address: string
  readonly userAgent: string
}

const noOrigin: Origin = { address: '', userAgent: '' }

/** Keeps one instance: its seed and store, its data file, and who hears of its changes. */
export class InstanceKeeper {
  readonly listeners = new EventListeners()
  readonly sender: WebhookSender | undefined
  readonly #options: KeeperOptions
  readonly #journal: Journal | undefined
  /** Events that are not delivered yet, for the data file. */
  readonly #undelivered: Map<string, PendingEvent>
  #store: Store
  #lag: number
  #replica: Replica | undefined
  /** Grows with each seed and reset. */
  #starts = 0

  private constructor(
    options: KeeperOptions,
    store: Store,
    journal: Journal | undefined,
    undelivered = new Map<string, PendingEvent>(),
  ) {
    this.#options = options
    this.#store = store
    this.#journal = journal
    this.#undelivered = undelivered
    this.sender = options.createSender?.((id) => this.#delivered(id))
    this.#lag = options.lag
    this.#renewReplica()
  }

  static async open(options: KeeperOptions): Promise<InstanceKeeper> {
    const { dataFile, instance } = options
    if (dataFile === undefined) {
      return new InstanceKeeper(options, await loadFirst(options), undefined)
    }
    const { journal, saved } = await Journal.open(dataFile)
    try {
      if (saved === undefined) {
        const keeper = new InstanceKeeper(options, await loadFirst(options), journal)
        await keeper.#rewrite(exportSeed(keeper.store))
        return keeper
      }
      const { store, events } = restore(saved, loadOptions(instance, dataFile))
      if (options.createSender === undefined) events.clear()
      const keeper = new InstanceKeeper(options, store, journal, events)
      await keeper.#rewrite(saved.header.seed)
      for (const { id, event } of events.values()) keeper.sender?.send(id, event)
      return keeper
    } catch (error) {
      await journal.close()
      throw error
    }
  }

  get store(): Store {
    return this.#store
  }

  get lag(): number {
    return this.#lag
  }

  set lag(milliseconds: number) {
    assertLag(milliseconds)
    const wasOn = this.#lag > 0
    this.#lag = milliseconds
    if (wasOn !== milliseconds > 0) this.#renewReplica()
  }

  /** The instance as a request sees it, or the handle. */
  instanceFor(origin: Origin = noOrigin): Instance {
    const { clock } = this.#options.instance
    return {
      ...this.#options.instance,
      store: this.#store,
      listStore: () => this.#replica?.upTo(clock.now() - this.#lag) ?? this.#store,
      change: (change, event) => this.#change(change, event, origin),
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
    this.#lag = this.#options.lag
    await this.#restart()
  }

  async close(): Promise<void> {
    this.sender?.stop()
    await this.#journal?.close()
  }

  async #restart(): Promise<void> {
    this.#starts += 1
    this.sender?.forget()
    this.#undelivered.clear()
    this.#renewReplica()
    if (this.#journal !== undefined) await this.#rewrite(exportSeed(this.#store))
  }

  #renewReplica(): void {
    this.#replica = this.#lag > 0 ? new Replica(this.#store) : undefined
  }

  async #rewrite(seed: Seed): Promise<void> {
    const store = this.#store
    await this.#journal?.rewrite(seed, () => [
      ...store.changed(),
      ...Array.from(this.#undelivered.values(), (event) => ({ event })),
    ])
  }

  #change(change: Change, draft: EventDraft | undefined, origin: Origin): void {
    const { clock, createId } = this.#options.instance
    this.#store.apply(change)
    this.#replica?.follow(change, clock.now())
    const event = draft && this.#eventOf(draft, origin)
    const isSent = event !== undefined && this.sender?.wants(event) === true
    const pending = isSent ? { id: createId('msg', event.timestamp), event } : undefined
    this.#journal?.append({ ...change, ...(pending && { event: pending }) })
    if (pending) void this.#sendOnceSaved(pending)
    if (event) this.listeners.notify(event)
  }

  /** `undefined` where nobody wants it: to build one costs as much as an answer. */
  #eventOf(draft: EventDraft, { address, userAgent }: Origin): EmulatorEvent | undefined {
    if (this.listeners.size === 0 && this.sender?.wants(draft) !== true) return undefined
    return createEvent(draft, {
      timestamp: this.#options.instance.clock.now(),
      instanceId: this.#options.instanceId,
      clientIP: address,
      userAgent,
    })
  }

  /** A change that nobody could read back must not be announced. */
  async #sendOnceSaved(pending: PendingEvent): Promise<void> {
    if (this.#journal !== undefined) {
      const starts = this.#starts
      this.#undelivered.set(pending.id, pending)
      try {
        await this.#journal.saved()
      } catch {
        // The request itself is answered 500.
        return
      }
      if (starts !== this.#starts) return
    }
    this.sender?.send(pending.id, pending.event)
  }

  #delivered(id: string): void {
    if (this.#journal === undefined || !this.#undelivered.delete(id)) return
    this.#journal.append({ delivered: id })
  }
}

const seedName = 'The seed'

export function assertLag(milliseconds: number): void {
  if (milliseconds >= 0 && Number.isFinite(milliseconds)) return
  throw new RangeError(`lag takes milliseconds; received ${milliseconds}.`)
}

async function loadFirst({ seed, instance }: KeeperOptions): Promise<Store> {
  const isFile = typeof seed === 'string' || seed instanceof URL
  const source = isFile ? String(seed) : seedName
  const data = isFile ? await readSeedFile(seed) : seed
  return loadSeed(checkSeed(data, source), loadOptions(instance, source))
}

function loadOptions({ clock, createId }: KeeperOptions['instance'], source: string): LoadOptions {
  return { source, now: clock.now(), createId }
}
