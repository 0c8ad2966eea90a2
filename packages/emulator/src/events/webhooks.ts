import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MembershipEvent } from './event.js'
import type { ResolvedWebhookOptions } from './webhook-options.js'

/** One attempt to deliver an event. */
export interface WebhookDelivery {
  /** `msg_…`, the same for every attempt of one event. */
  readonly id: string
  readonly type: MembershipEvent['type']
  /** 1 for the first. */
  readonly attempt: number
  /** What the receiver answered; `null` where it did not. */
  readonly status: number | null
}

interface Message {
  readonly id: string
  readonly type: MembershipEvent['type']
  readonly body: string
}

/** ms that a lone event waits for another one to change places with. */
const pairingTime = 1000
const keptDeliveries = 10_000

/**
 * Sends events to a URL, signed as Svix signs them, until they are accepted or given up. First attempts go out one
 * after the other in the order of the changes; an event that must be tried again does not hold up the next one.
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
  #partner: (() => void) | undefined

  constructor(options: ResolvedWebhookOptions, onDone: (id: string) => void) {
    this.#options = options
    this.#onDone = onDone
  }

  wants({ type }: MembershipEvent): boolean {
    return this.#options.events?.has(type) ?? true
  }

  send(id: string, event: MembershipEvent): void {
    const message = { id, type: event.type, body: JSON.stringify(event) }
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
    this.#partner = undefined
  }

  /** Gives up what is under way, and what is known of the past. */
  forget(): void {
    this.stop()
    this.deliveries.length = 0
  }

  async #deliver(message: Message, signal: AbortSignal): Promise<void> {
    const { retries, delay, outOfOrder } = this.#options
    if (outOfOrder) await this.#changePlaces(signal)
    const first = this.#firstAttempts.then(async () => {
      if (delay > 0) await sleep(delay, undefined, { signal })
      return this.#attempt(message, 1, signal)
    })
    this.#firstAttempts = first.catch(() => {})
    let isAccepted = await first
    for (const [index, wait] of retries.entries()) {
      if (isAccepted) break
      await sleep(wait, undefined, { signal })
      isAccepted = await this.#attempt(message, index + 2, signal)
    }
    this.#onDone(message.id)
  }

  /** The first of two waits until the second is on its way; the second does not wait. */
  async #changePlaces(signal: AbortSignal): Promise<void> {
    if (this.#partner !== undefined) {
      const goOn = this.#partner
      this.#partner = undefined
      // The second one joins the queue in this same turn, the first one right behind it.
      setImmediate(goOn)
      return
    }
    const met = new Promise<void>((resolve) => {
      this.#partner = () => resolve()
    })
    const mine = this.#partner
    await Promise.race([met, sleep(pairingTime, undefined, { signal })])
    if (this.#partner === mine) this.#partner = undefined
  }

  async #attempt(message: Message, attempt: number, signal: AbortSignal): Promise<boolean> {
    const status = await this.#post(message, signal)
    this.deliveries.push({ id: message.id, type: message.type, attempt, status })
    if (this.deliveries.length > keptDeliveries) this.deliveries.splice(0, keptDeliveries / 10)
    const isAccepted = status !== null && status >= 200 && status < 300
    if (isAccepted && this.#options.duplicate) await this.#post(message, signal)
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
