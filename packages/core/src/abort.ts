// Signals as every runtime has them: React Native's have neither `reason` nor `throwIfAborted`.

/** What a call rejects with once its signal has aborted. */
export function reasonOf(signal: AbortSignal | undefined): unknown {
  if (signal?.reason !== undefined) return signal.reason as unknown
  const message = 'This operation was aborted'
  return typeof DOMException === 'function'
    ? new DOMException(message, 'AbortError')
    : Object.assign(new Error(message), { name: 'AbortError' })
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw reasonOf(signal)
}

// One listener on each signal, however many calls share it: Node warns of a leak from the eleventh on, and a long-lived
// signal must not grow with the calls that were made.
const listenersOf = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back when the signal aborts, at once where it has. Returns what ends that. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {}
  if (signal.aborted) {
    listener()
    return () => {}
  }
  const listeners = listenersOf.get(signal) ?? new Set()
  if (listeners.size === 0) {
    listenersOf.set(signal, listeners)
    signal.addEventListener('abort', callAll)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) signal.removeEventListener('abort', callAll)
  }
}

function callAll(this: AbortSignal): void {
  for (const listener of listenersOf.get(this) ?? []) listener()
}
