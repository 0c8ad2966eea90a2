import { setTimeout as sleep } from 'node:timers/promises'
import { failures } from '../api/failures.js'
import { faultAnswer } from '../faults/fault-answer.js'
import type { FaultOptions, FaultPlan } from '../faults/faults.js'
import type { Holds } from '../faults/holds.js'
import { type Latency, latencyOf } from '../faults/latency.js'
import { warn } from '../warning.js'
import type { RequestLog, RequestLogEntry } from './request-log.js'
import { createContext, type RequestContext } from './context.js'
import type { Answer, Delivery, IncomingRequest } from './message.js'
import { refusal } from './refusal.js'

export interface ExchangeOptions {
  readonly log: RequestLog
  readonly faults: FaultPlan
  readonly holds: Holds
  readonly latency: () => Latency
  readonly answer: (context: RequestContext) => Promise<Answer>
  readonly onRequest: ((entry: RequestLogEntry) => void) | undefined
  /** Resolves when everything that was answered so far is on disk. */
  readonly saved: () => Promise<void>
}

/**
 * One request from its arrival to its delivery, with what a test ordered around it.
 *
 * ```
 * arrive ─ latency/2 ─ hold 'before' ─ carry out ─ save ─ hold 'after' ─ latency/2 ─ deliver
 *    └ which fault it meets is settled here, in order of arrival
 * ```
 */
export function createExchange(options: ExchangeOptions) {
  const { log, faults, holds, answer, saved } = options

  return async function exchange(request: IncomingRequest): Promise<Delivery> {
    const context = createContext(request)
    const entry = log.open(context)
    try {
      const delivery = await carryOut(context, entry)
      log.close(entry, delivery.kind === 'answer' ? delivery.answer : undefined)
      options.onRequest?.(entry)
      return delivery
    } catch (error) {
      // One of the caller's own functions threw.
      warn(error)
      return { kind: 'answer', answer: refusal(failures.internal()) }
    }
  }

  async function carryOut(context: RequestContext, entry: RequestLogEntry): Promise<Delivery> {
    const fault = faults.take(entry)
    const latency = latencyOf(options.latency(), entry)
    if (latency > 0) await sleep(latency / 2)
    await holds.pass(entry, 'before')
    const isCarriedOut = fault === undefined || fault.applied === true || fault.fault === 'truncate'
    const answered = isCarriedOut ? await answerOnceSaved(context) : undefined
    await holds.pass(entry, 'after')
    if (latency > 0) await sleep(latency / 2)
    return deliveryOf(fault, answered)
  }

  /** What could not be saved is not acknowledged. */
  async function answerOnceSaved(context: RequestContext): Promise<Answer> {
    const answered = await answer(context)
    try {
      await saved()
      return answered
    } catch {
      return refusal(failures.internal())
    }
  }
}

function deliveryOf(fault: FaultOptions | undefined, answered: Answer | undefined): Delivery {
  if (fault?.status !== undefined) return { kind: 'answer', answer: faultAnswer(fault) }
  if (answered === undefined) return { kind: fault?.fault === 'stall' ? 'stall' : 'reset' }
  if (fault === undefined) return { kind: 'answer', answer: answered }
  return fault.fault === 'truncate'
    ? { kind: 'truncate', answer: answered }
    : { kind: fault.fault === 'stall' ? 'stall' : 'reset' }
}
