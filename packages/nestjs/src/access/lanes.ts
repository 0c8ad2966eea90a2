import { AsyncLocalStorage } from 'node:async_hooks'
import { type TurnRequest, TurnQueue } from './turn-queue.js'

/** A turn that is running; what it calls runs inside of it. */
interface Hold {
  readonly lanes: Lanes
  readonly lane: string
  readonly outer: Hold | undefined
  isOver: boolean
}

const holds = new AsyncLocalStorage<Hold>()

/** Tasks of a lane take turns; lanes do not wait for each other. */
export class Lanes {
  readonly #queues = new Map<string, TurnQueue>()

  /**
   * Runs a task when its turn has come. The turn ends when the task has settled, so a task whose caller is gone must not
   * settle before what it has begun is over.
   *
   * A task that comes to its own lane again, by a policy that makes another change, runs at once: it would wait for
   * itself.
   *
   * @throws HttpException 429 when too many wait, or the reason of the signal while the task waits
   */
  async run<T>(lane: string, request: TurnRequest, task: () => Promise<T>): Promise<T> {
    const outer = holds.getStore()
    if (this.#isHeld(lane, outer)) return task()
    const queue = this.#queues.get(lane) ?? new TurnQueue()
    this.#queues.set(lane, queue)
    const hold: Hold = { lanes: this, lane, outer, isOver: false }
    try {
      await queue.begin(request)
      try {
        return await holds.run(hold, task)
      } finally {
        hold.isOver = true
        queue.end()
      }
    } finally {
      if (queue.isIdle) this.#queues.delete(lane)
    }
  }

  #isHeld(lane: string, innermost: Hold | undefined): boolean {
    let hold = innermost
    while (hold !== undefined) {
      if (!hold.isOver && hold.lanes === this && hold.lane === lane) return true
      hold = hold.outer
    }
    return false
  }
}

const lanesByClient = new WeakMap<object, Lanes>()

/** The lanes of all mounts that change memberships through this client: one for each organization. */
export function lanesOf(client: object): Lanes {
  const known = lanesByClient.get(client)
  if (known !== undefined) return known
  const lanes = new Lanes()
  lanesByClient.set(client, lanes)
  return lanes
}
