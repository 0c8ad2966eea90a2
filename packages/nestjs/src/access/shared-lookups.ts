/** One look-up and those who wait for it. */
interface Lookup<T> {
  /** The generation that it has to be kept under; `undefined`: none. */
  generation: string | undefined
  /** It may tell what was before this: only who knows its generation may join. */
  hasBegun: boolean
  waiting: number
  readonly controller: AbortController
  readonly result: Promise<T>
  readonly start: () => void
}

/** Looks up, and calls `begin` right before it asks: until then whoever comes may join. */
export type LookupTask<T> = (lookup: {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal
  /** What the callers know; `undefined`: none of them knows one. */
  readonly generation: string | undefined
  /** @param generation the one that the result has to be kept under, if there is one */
  readonly begin: (generation: string | undefined) => Promise<void>
}) => Promise<T>

/**
 * Lets many callers share one look-up, without ever giving one of them an answer that is older than what they know.
 * Whoever has read another generation begins one that takes its place. Whoever could read none waits for the next.
 *
 *     a, b ── generation 1 ───────▶ a, b
 *          c ── generation 2 ──────────▶ c
 *               d, e know none ·········── next ──▶ d, e
 */
export class SharedLookups<T> {
  readonly #running = new Map<string, Lookup<T>>()
  readonly #next = new Map<string, Lookup<T>>()

  /** @param generation what the caller has just read; `undefined` joins nothing that has begun */
  run(
    key: string,
    generation: string | undefined,
    task: LookupTask<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const running = this.#running.get(key)
    if (running !== undefined && canJoin(running, generation)) {
      return this.#wait(key, running, signal)
    }
    if (running === undefined || generation !== undefined) {
      // In the place of what is running, if anything is: that is older, and may take long.
      const lookup = this.#create(key, generation, task)
      this.#start(key, lookup)
      return this.#wait(key, lookup, signal)
    }
    // Without a generation nobody can tell which look-ups are too old, and not each caller shall ask the API.
    const next = this.#next.get(key) ?? this.#create(key, undefined, task)
    this.#next.set(key, next)
    return this.#wait(key, next, signal)
  }

  #create(key: string, generation: string | undefined, task: LookupTask<T>): Lookup<T> {
    const controller = new AbortController()
    let start = () => {}
    const started = new Promise<void>((resolve) => {
      start = resolve
    })
    const perform = async (): Promise<T> => {
      await started
      return task({ signal: controller.signal, generation: lookup.generation, begin })
    }
    const begin = async (own: string | undefined): Promise<void> => {
      lookup.generation = own
      // Whoever asks in the same moment joins.
      await new Promise(setImmediate)
      lookup.hasBegun = true
      controller.signal.throwIfAborted()
    }
    const lookup: Lookup<T> = {
      generation,
      hasBegun: false,
      waiting: 0,
      controller,
      start,
      result: perform(),
    }
    const end = () => this.#end(key, lookup)
    lookup.result.then(end, end)
    return lookup
  }

  #start(key: string, lookup: Lookup<T>): void {
    this.#running.set(key, lookup)
    lookup.start()
  }

  #end(key: string, lookup: Lookup<T>): void {
    if (this.#running.get(key) !== lookup) return
    this.#running.delete(key)
    const next = this.#next.get(key)
    if (next === undefined) return
    this.#next.delete(key)
    this.#start(key, next)
  }

  async #wait(key: string, lookup: Lookup<T>, signal: AbortSignal | undefined): Promise<T> {
    lookup.waiting++
    if (signal === undefined) return lookup.result
    let onAbort = () => {}
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error)
      if (signal.aborted) onAbort()
      else signal.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return await Promise.race([lookup.result, aborted])
    } finally {
      signal.removeEventListener('abort', onAbort)
      lookup.waiting--
      if (lookup.waiting === 0) this.#abandon(key, lookup)
    }
  }

  /** Nobody waits for it any more. */
  #abandon(key: string, lookup: Lookup<T>): void {
    lookup.controller.abort()
    if (this.#next.get(key) === lookup) this.#next.delete(key)
    this.#end(key, lookup)
  }
}

function canJoin(
  { generation: own, hasBegun }: Lookup<unknown>,
  generation: string | undefined,
): boolean {
  return !hasBegun || (generation !== undefined && generation === own)
}
