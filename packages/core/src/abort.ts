// One listener on each signal, however many calls share it: Node warns of a leak from the eleventh on, and a long-lived
// signal must not grow with the calls that were made.
const listenersOf = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back when the signal aborts. Returns what ends that. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {}
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
