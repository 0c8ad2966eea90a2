/**
 * Tells listeners that something has changed, once per microtask for all emitters together: what happens in one turn
 * (400 triggers in a loop, say) renders once.
 */
export class Emitter {
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  emit(): void {
    if (waiting.size === 0) queueMicrotask(notifyAll)
    waiting.add(this)
  }

  notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

const waiting = new Set<Emitter>()

function notifyAll(): void {
  const emitters = [...waiting]
  waiting.clear()
  for (const emitter of emitters) emitter.notify()
}
