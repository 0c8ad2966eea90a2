import type { RequestSlots } from './request-slots.js'

/** What a queue asks of the one who sends. `Write` is one write, `Answer` what its request resolves with. */
export interface QueuePolicy<Write, Answer> {
  /** Sends writes that leave together as one request. */
  send(writes: readonly Write[], signal: AbortSignal): Promise<Answer>
  /** Begins a request with `first`; the function it returns takes a later write into it, or says that it cannot. */
  open(first: Write): (next: Write) => boolean
  /** Whether a request of several writes that failed this way is worth sending again one by one. */
  splits(error: unknown): boolean
  /** Why `next` must not be sent after `ended`, if so. Asked for each write that waits. */
  refuses(ended: Ended<Write>, next: Write): Error | undefined
}

export interface Ended<Write> {
  readonly write: Write
  /** Absent after success. */
  readonly error?: unknown
}

interface Entry<Write, Answer> {
  readonly write: Write
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  readonly settled: Promise<Answer>
  /** Sent alone, whatever it could join. */
  isAlone: boolean
  isAborted: boolean
}

interface Lane<Write, Answer> {
  /** It has a request open, or waits for a slot. */
  isBusy: boolean
  readonly waiting: Entry<Write, Answer>[]
  inFlight:
    | { readonly entries: Entry<Write, Answer>[]; readonly controller: AbortController }
    | undefined
}

/**
 * First in, first out for each key, keys side by side: at most one request per key is open, and over all keys as many as
 * there are slots. Every write settles with what became of it.
 */
export class KeyedQueue<Write, Answer> {
  readonly #policy: QueuePolicy<Write, Answer>
  readonly #slots: RequestSlots
  readonly #lanes = new Map<string, Lane<Write, Answer>>()

  constructor(policy: QueuePolicy<Write, Answer>, slots: RequestSlots) {
    this.#policy = policy
    this.#slots = slots
  }

  /** @param signal takes the write out of the queue; once it is in flight, aborts the request and rejects */
  add(key: string, write: Write, signal?: AbortSignal): Promise<Answer> {
    const entry = createEntry<Write, Answer>(write)
    if (signal?.aborted) {
      entry.reject(signal.reason)
      return entry.settled
    }
    const lane = this.#lanes.get(key) ?? { isBusy: false, waiting: [], inFlight: undefined }
    this.#lanes.set(key, lane)
    lane.waiting.push(entry)
    if (signal) {
      const onAbort = () => abortEntry(lane, entry, signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      const release = () => signal.removeEventListener('abort', onAbort)
      entry.settled.then(release, release)
    }
    if (!lane.isBusy) this.#start(key, lane)
    return entry.settled
  }

  /** Rejects what waits and aborts what is in flight. */
  clear(reason: unknown): void {
    for (const lane of this.#lanes.values()) {
      for (const entry of [...lane.waiting, ...(lane.inFlight?.entries ?? [])]) {
        abortEntry(lane, entry, reason)
      }
    }
    this.#lanes.clear()
  }

  #start(key: string, lane: Lane<Write, Answer>): void {
    lane.isBusy = true
    this.#slots.take(() => void this.#run(key, lane))
  }

  /** Sends one request, then stands in line again behind the other keys. */
  async #run(key: string, lane: Lane<Write, Answer>): Promise<void> {
    if (lane.waiting.length > 0) await this.#sendNext(lane)
    this.#slots.release()
    if (lane.waiting.length > 0) this.#start(key, lane)
    else {
      lane.isBusy = false
      if (this.#lanes.get(key) === lane) this.#lanes.delete(key)
    }
  }

  async #sendNext(lane: Lane<Write, Answer>): Promise<void> {
    const entries = this.#takeBatch(lane)
    const controller = new AbortController()
    lane.inFlight = { entries, controller }
    const writes = entries.map(({ write }) => write)
    try {
      const answer = await this.#policy.send(writes, controller.signal)
      for (const { resolve } of entries) resolve(answer)
      this.#refuseWaiting(lane, { write: entries.at(-1)!.write })
    } catch (error) {
      if (entries.length > 1 && this.#policy.splits(error)) {
        for (const entry of entries) entry.isAlone = true
        lane.waiting.unshift(...entries.filter(({ isAborted }) => !isAborted))
        return
      }
      for (const { reject } of entries) reject(error)
      this.#refuseWaiting(lane, { write: entries.at(-1)!.write, error })
    } finally {
      lane.inFlight = undefined
    }
  }

  #takeBatch({ waiting }: Lane<Write, Answer>): Entry<Write, Answer>[] {
    const [first] = waiting as [Entry<Write, Answer>]
    const takes = this.#policy.open(first.write)
    let count = 1
    for (let next = waiting[1]; next && !first.isAlone && !next.isAlone; next = waiting[count]) {
      if (!takes(next.write)) break
      count += 1
    }
    return waiting.splice(0, count)
  }

  #refuseWaiting({ waiting }: Lane<Write, Answer>, ended: Ended<Write>): void {
    // From the front, up to the first that may go: what waits behind that one waits for its outcome.
    for (let next = waiting[0]; next; next = waiting[0]) {
      const reason = this.#policy.refuses(ended, next.write)
      if (!reason) return
      waiting.shift()
      next.reject(reason)
    }
  }
}

function createEntry<Write, Answer>(write: Write): Entry<Write, Answer> {
  let resolve!: (answer: Answer) => void
  let reject!: (error: unknown) => void
  const settled = new Promise<Answer>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // The one who added it handles the rejection; this branch only keeps it from being reported twice.
  settled.catch(() => {})
  return { write, resolve, reject, settled, isAlone: false, isAborted: false }
}

function abortEntry<Write, Answer>(
  lane: Lane<Write, Answer>,
  entry: Entry<Write, Answer>,
  reason: unknown,
): void {
  entry.isAborted = true
  entry.reject(reason)
  const index = lane.waiting.indexOf(entry)
  if (index !== -1) {
    lane.waiting.splice(index, 1)
    return
  }
  if (!lane.inFlight) return
  // A request that carries other writes too goes on for them.
  const { entries, controller } = lane.inFlight
  if (entries.every(({ isAborted }) => isAborted)) controller.abort(reason)
}
