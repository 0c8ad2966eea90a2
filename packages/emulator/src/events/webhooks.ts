import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { warn } from '../warning.js'
import type { EmulatorEvent, EventType } from './event.js'
import type { ResolvedWebhookOptions } from './webhook-options.js'

/** One attempt to deliver an event. */
export interface WebhookDelivery {
  /** `msg_…`, the same for every attempt of one event. */
  readonly id: string
  readonly type: EventType
  /** 1 for the first. */
  readonly attempt: number
  /** What the receiver answered; `null` where it did not. */
  readonly status: number | null
}

interface Message {
  readonly id: string
  readonly type: EventType
  readonly body: string
  readonly isDuplicated: boolean
  readonly delay: number
}

/** ms that an event waits at most for others to be mixed with. */
const mixingTime = 1000
const keptDeliveries = 10_000

/**
 * Sends events to a URL, signed as Svix signs them, until they are accepted or given up.
 *
 * ```
 * change ─ dropped? ─ delay ─ mixed with others? ─ queue of first attempts ─ accepted? ─ duplicate
 *                                                        one after the other    └ further attempts, on their own
 * ```
 */
export class WebhookSender {
  /** Attempts, oldest first. */
  readonly deliveries: WebhookDelivery[] = []
  readonly #options: ResolvedWebhookOptions
  /** Told when an event needs no more attempts. */
  readonly #onDone: (id: string) => void
  #abort = new AbortController()
  #firstAttempts: Promise<unknown> = Promise.resolve()
  readonly #running = new Set<Promise<void>>()
  /** Events that wait to be mixed. */
  #mixing: (() => void)[] = []
  #mixingEnd: NodeJS.Timeout | undefined

  constructor(options: ResolvedWebhookOptions, onDone: (id: string) => void) {
    this.#options = options
    this.#onDone = onDone
  }

  wants({ type }: Pick<EmulatorEvent, 'type'>): boolean {
    return this.#options.events?.has(type) ?? true
  }

  send(id: string, event: EmulatorEvent): void {
    const { isDropped, isDuplicated, delayOf } = this.#options
    let message: Message
    try {
      if (isDropped(event)) {
        this.#onDone(id)
        return
      }
      const body = JSON.stringify(event)
      message = {
        id,
        type: event.type,
        body,
        isDuplicated: isDuplicated(event),
        delay: delayOf(event),
      }
    } catch (error) {
      // One of the caller's own functions threw.
      warn(error)
      this.#onDone(id)
      return
    }
    const { signal } = this.#abort
    const running = this.#deliver(message, signal)
      // Only `stop` ends a delivery so.
      .catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Resolves when every event is accepted or given up. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.all(this.#running)
    }
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#firstAttempts = Promise.resolve()
    this.#releaseMixed()
  }

  /** Gives up what is under way, and what is known of the past. */
  forget(): void {
    this.stop()
    this.deliveries.length = 0
  }

  async #deliver(message: Message, signal: AbortSignal): Promise<void> {
    if (message.delay > 0) await sleep(message.delay, undefined, { signal })
    if (this.#options.reorder > 1) await this.#mix()
    signal.throwIfAborted()
    const first = this.#firstAttempts.then(() => this.#attempt(message, 1, signal))
    this.#firstAttempts = first.catch(() => {})
    let isAccepted = await first
    for (const [index, wait] of this.#options.retries.entries()) {
      if (isAccepted) break
      await sleep(wait, undefined, { signal })
      isAccepted = await this.#attempt(message, index + 2, signal)
    }
    this.#onDone(message.id)
  }

  /** Resolves when enough events have come to be mixed, or none came for a second. */
  #mix(): Promise<void> {
    return new Promise((resolve) => {
      this.#mixing.push(resolve)
      if (this.#mixing.length >= this.#options.reorder) {
        // Not before this one waits like the others, or it would always come last.
        queueMicrotask(() => this.#releaseMixed())
      }
      this.#mixingEnd ??= setTimeout(() => this.#releaseMixed(), mixingTime)
    })
  }

  #releaseMixed(): void {
    clearTimeout(this.#mixingEnd)
    this.#mixingEnd = undefined
    // They join the queue in the order in which they are let go.
    for (const release of shuffled(this.#mixing.splice(0), this.#options.random)) release()
  }

  async #attempt(message: Message, attempt: number, signal: AbortSignal): Promise<boolean> {
    const status = await this.#post(message, signal)
    this.deliveries.push({ id: message.id, type: message.type, attempt, status })
    if (this.deliveries.length > keptDeliveries) this.deliveries.splice(0, keptDeliveries / 10)
    const isAccepted = status !== null && status >= 200 && status < 300
    if (isAccepted && message.isDuplicated) await this.#post(message, signal)
    return isAccepted
  }

  async #post({ id, body }: Message, signal: AbortSignal): Promise<number | null> {
    signal.throwIfAborted()
    const { url, key, timeout } = this.#options
    const timestamp = String(Math.floor(Date.now() / 1000))
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`)
    const controller = new AbortController()
    const stop = () => controller.abort()
    const timer = setTimeout(stop, timeout)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'Svix-Webhooks/1.0 (org-memberships-emulator)',
          'svix-id': id,
          'svix-timestamp': timestamp,
          'svix-signature': `v1,${signature.digest('base64')}`,
        },
        body,
        redirect: 'manual',
        signal: controller.signal,
      })
      await response.body?.cancel()
      return response.status
    } catch {
      signal.throwIfAborted()
      return null
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }
}

/** Every order is equally likely. */
function shuffled<Item>(items: Item[], random: () => number): Item[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const item = items[last] as Item
    items[last] = items[other] as Item
    items[other] = item
  }
  return items
}
