import { randomBytes } from 'node:crypto'
import type { EmulatorEvent, EventType } from './event.js'

/** A share of all events from 0 to 1, or a function that picks them. */
export type EventChoice = number | ((event: EmulatorEvent) => boolean)

/** Where events go, and how badly the network treats them. */
export interface WebhookOptions {
  /** `http://…` or `https://…`; an answer of 200 to 299 accepts the event. */
  url: string
  /** `whsec_` and base64, as a dashboard shows it. @default a new one */
  secret?: string | undefined
  /** @default all of them */
  events?: readonly EventType[] | undefined
  /**
   * ms to wait before each further attempt; after the last one the event is given up.
   *
   * @default [100, 500, 2_000, 10_000]
   */
  retries?: readonly number[] | undefined
  /** ms for one attempt. @default 5_000 */
  timeout?: number | undefined
  /** Events that are never sent. @default none */
  drop?: EventChoice | undefined
  /** Events that are sent twice under one id, as at-least-once delivery may; `true` for all. @default none */
  duplicate?: boolean | EventChoice | undefined
  /**
   * ms to wait before the first attempt: always the same, evenly spread between two bounds, or as a function says.
   * Events overtake each other where their delays differ.
   *
   * @default 0
   */
  delay?: number | WebhookDelay | ((event: EmulatorEvent) => number) | undefined
  /**
   * Mixes this many events at a time: they wait for each other and go out in any order, those of the last second at
   * the latest.
   *
   * @default 1, the order of the changes
   */
  reorder?: number | undefined
  /** Decides whatever is left to chance, for runs that repeat: 0 to below 1. @default Math.random */
  random?: (() => number) | undefined
}

export interface WebhookDelay {
  readonly min: number
  readonly max: number
}

export interface ResolvedWebhookOptions {
  readonly url: string
  readonly secret: string
  readonly key: Uint8Array
  readonly events: ReadonlySet<EventType> | undefined
  readonly retries: readonly number[]
  readonly timeout: number
  readonly reorder: number
  readonly isDropped: (event: EmulatorEvent) => boolean
  readonly isDuplicated: (event: EmulatorEvent) => boolean
  readonly delayOf: (event: EmulatorEvent) => number
  readonly random: () => number
}

/** @throws RangeError naming the option that is wrong */
export function resolveWebhookOptions(options: WebhookOptions): ResolvedWebhookOptions {
  const secret = options.secret ?? `whsec_${randomBytes(24).toString('base64')}`
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)
  if (match === null) throw new RangeError('webhooks.secret must be whsec_ followed by base64.')
  if (!/^https?:$/.test(protocolOf(options.url))) {
    throw new RangeError('webhooks.url must be an http or https URL.')
  }
  const { retries = [100, 500, 2000, 10_000], timeout = 5000, reorder = 1 } = options
  const { delay = 0, random = Math.random } = options
  assertMilliseconds('timeout', timeout)
  for (const wait of retries) assertMilliseconds('retries', wait)
  if (!Number.isSafeInteger(reorder) || reorder < 1) {
    throw new RangeError(`webhooks.reorder takes a number of events; received ${reorder}.`)
  }
  return {
    url: options.url,
    secret,
    key: Buffer.from(match[1] as string, 'base64'),
    events: options.events && new Set(options.events),
    retries,
    timeout,
    reorder,
    isDropped: chosenBy('drop', options.drop ?? 0, random),
    isDuplicated: chosenBy('duplicate', options.duplicate ?? 0, random),
    delayOf: delayBy(delay, random),
    random,
  }
}

function chosenBy(
  name: string,
  choice: boolean | EventChoice,
  random: () => number,
): (event: EmulatorEvent) => boolean {
  if (typeof choice === 'function') return choice
  const share = Number(choice)
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`webhooks.${name} takes a share from 0 to 1, or a function.`)
  }
  return () => share > 0 && random() < share
}

function delayBy(
  delay: NonNullable<WebhookOptions['delay']>,
  random: () => number,
): (event: EmulatorEvent) => number {
  if (typeof delay === 'function') return delay
  const { min, max } = typeof delay === 'number' ? { min: delay, max: delay } : delay
  assertMilliseconds('delay', min)
  assertMilliseconds('delay', max)
  if (max < min) throw new RangeError('webhooks.delay: max must not be below min.')
  return () => (max > min ? min + random() * (max - min) : min)
}

function assertMilliseconds(name: string, value: number): void {
  if (value >= 0 && value <= 2 ** 31 - 1) return
  throw new RangeError(`webhooks.${name} takes milliseconds; received ${value}.`)
}

function protocolOf(url: string): string {
  try {
    return new URL(url).protocol
  } catch {
    return ''
  }
}
