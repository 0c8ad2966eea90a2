import { tooManyChanges } from '../errors/refusal.js'

/** `'alone'`: nothing else runs meanwhile. `'shared'`: others of this kind may. */
export type TurnKind = 'alone' | 'shared'

export interface TurnRequest {
  /** Whose turn it is: callers take turns, however many each has waiting. */
  readonly caller: string | object
  readonly kind: TurnKind
  /** Ends waiting, not a turn that has begun. */
  readonly signal: AbortSignal
}

interface WaitingTurn {
  readonly kind: TurnKind
  readonly begin: () => void
  readonly refuse: () => void
}

/** Shared turns that run at the same time. */
const mostShared = 8
const mostWaitingPerCaller = 20
const mostWaiting = 100

/**
 * Turns of one organization, in the order of their callers:
 *
 *     waiting   ada: a1 a2 a3 …        begun   a1, bob's b1, a2, a3, …
 *               bob: b1
 *
 * The turn at the head is never overtaken, so a turn that runs alone does not starve behind shared ones.
 */
export class TurnQueue {
  /** Callers in the order of their next turn. */
  readonly #waiting = new Map<string | object, WaitingTurn[]>()
  #waitingCount = 0
  #running = 0
  #isAlone = false

  get isIdle(): boolean {
    return this.#running === 0 && this.#waitingCount === 0
  }

  /**
   * Resolves when the turn begins; `end` ends it.
   *
   * @throws HttpException 429 when too many wait, or the reason of the signal
   */
  async begin({ caller, kind, signal }: TurnRequest): Promise<void> {
    signal.throwIfAborted()
    if (this.#waitingCount === 0 && this.#fits(kind)) {
      this.#start(kind)
      return
    }
    const own = this.#waiting.get(caller) ?? []
    if (own.length >= mostWaitingPerCaller) throw tooManyChanges()
    if (this.#waitingCount >= mostWaiting && !this.#makeRoom(own.length + 1)) throw tooManyChanges()
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#take(caller, turn)
        reject(signal.reason)
        // It may have held others up.
        this.#advance()
      }
      const turn: WaitingTurn = {
        kind,
        begin: () => {
          signal.removeEventListener('abort', onAbort)
          this.#start(kind)
          resolve()
        },
        refuse: () => {
          signal.removeEventListener('abort', onAbort)
          this.#take(caller, turn)
          reject(tooManyChanges())
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      own.push(turn)
      this.#waiting.set(caller, own)
      this.#waitingCount += 1
    })
  }

  /** Where all places are taken, whoever has most of them gives one up for a caller with fewer. */
  #makeRoom(needed: number): boolean {
    const longest = [...this.#waiting.values()].reduce((one, other) =>
      other.length > one.length ? other : one,
    )
    if (longest.length <= needed) return false
    longest.at(-1)?.refuse()
    return true
  }

  end(): void {
    this.#running -= 1
    this.#isAlone = false
    this.#advance()
  }

  #fits(kind: TurnKind): boolean {
    if (this.#running === 0) return true
    return kind === 'shared' && !this.#isAlone && this.#running < mostShared
  }

  #start(kind: TurnKind): void {
    this.#running += 1
    this.#isAlone = kind === 'alone'
  }

  #advance(): void {
    for (const [caller, turns] of this.#waiting) {
      const [turn] = turns
      if (turn === undefined || !this.#fits(turn.kind)) return
      this.#take(caller, turn)
      // A Map iterates in the order of insertion: back in at the end, every other caller is first.
      if (this.#waiting.delete(caller)) this.#waiting.set(caller, turns)
      turn.begin()
    }
  }

  #take(caller: string | object, turn: WaitingTurn): void {
    const turns = this.#waiting.get(caller)
    const index = turns?.indexOf(turn) ?? -1
    if (turns === undefined || index === -1) return
    turns.splice(index, 1)
    this.#waitingCount -= 1
    if (turns.length === 0) this.#waiting.delete(caller)
  }
}
