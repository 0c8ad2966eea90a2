import { randomBytes } from 'node:crypto'
import type { MembershipEventType } from './event.js'

/** Where events go, and how badly the network treats them. */
export interface WebhookOptions {
  /** `http://…` or `https://…`; an answer of 200 to 299 accepts the event. */
  url: string
  /** `whsec_` and base64, as a dashboard shows it. @default a new one */
  secret?: string
  /** @default all of them */
  events?: readonly MembershipEventType[]
  /**
   * ms to wait before each further attempt; after the last one the event is given up.
   *
   * @default [100, 500, 2_000, 10_000]
   */
  retries?: readonly number[]
  /** ms for one attempt. @default 5_000 */
  timeout?: number
  /** Sends each event twice under one id, as at-least-once delivery may. @default false */
  duplicate?: boolean
  /** ms to wait before the first attempt. @default 0 */
  delay?: number
  /** Sends the events in pairs turned around; a lone one goes out after a second. @default false */
  outOfOrder?: boolean
}

export interface ResolvedWebhookOptions extends Required<Omit<WebhookOptions, 'events'>> {
  readonly events: ReadonlySet<MembershipEventType> | undefined
  readonly key: Uint8Array
}

export function resolveWebhookOptions(options: WebhookOptions): ResolvedWebhookOptions {
  const secret = options.secret ?? `whsec_${randomBytes(24).toString('base64')}`
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)
  if (match === null) {
    throw new RangeError('webhooks.secret must be whsec_ followed by base64.')
  }
  const { protocol } = new URL(options.url)
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new RangeError('webhooks.url must be http or https.')
  }
  const { retries = [100, 500, 2000, 10_000], timeout = 5000, delay = 0 } = options
  for (const [name, value] of Object.entries({
    timeout,
    delay,
    ...Object.fromEntries(retries.entries()),
  })) {
    if (value >= 0 && value <= 2 ** 31 - 1) continue
    throw new RangeError(`webhooks: ${name} takes milliseconds; received ${value}.`)
  }
  return {
    url: options.url,
    secret,
    key: Buffer.from(match[1] as string, 'base64'),
    events: options.events && new Set(options.events),
    retries,
    timeout,
    delay,
    duplicate: options.duplicate ?? false,
    outOfOrder: options.outOfOrder ?? false,
  }
}
