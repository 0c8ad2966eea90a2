import type { RequestLogEntry } from '../server/request-log.js'

/** How long a request takes, ms: always the same, evenly spread between two bounds, or as a function says. */
export type Latency =
  | number
  | { readonly min: number; readonly max: number }
  | ((request: RequestLogEntry) => number)

export function latencyOf(latency: Latency, request: RequestLogEntry): number {
  if (typeof latency === 'function') return latency(request)
  if (typeof latency === 'number') return latency
  return latency.min + Math.random() * (latency.max - latency.min)
}

export function assertLatency(latency: Latency): void {
  if (typeof latency === 'function') return
  const { min, max } = typeof latency === 'number' ? { min: latency, max: latency } : latency
  if (min >= 0 && max >= min && Number.isFinite(max)) return
  throw new RangeError('latency takes milliseconds, { min, max } of them, or a function.')
}
