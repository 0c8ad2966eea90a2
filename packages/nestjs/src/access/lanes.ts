import { untilAborted } from '../abort/until-aborted.js'

/** Tasks in the same lane run one after the other, in the order in which they came. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>()

  /** A task whose signal is aborted while it waits gives up its place. */
  async run<T>(lane: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(lane) ?? Promise.resolve()
    let leave = () => {}
    const left = new Promise<void>((resolve) => {
      leave = resolve
    })
    const tail = before.then(() => left)
    this.#tails.set(lane, tail)
    try {
      await untilAborted(before, signal)
      return await task()
    } finally {
      leave()
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane)
    }
  }
}
