const chunkSize = 512

/**
 * Items kept in order, with access by position. Adding, removing, finding a position and reading a page cost about the
 * same at a thousand items as at a million: the items lie in chunks of at most 1,024, and only one chunk is touched.
 *
 * `compare` must tell any two items apart and must not change its mind about an item that is in the list.
 */
export class OrderedList<Item> implements Iterable<Item> {
  readonly #compare: (a: Item, b: Item) => number
  #chunks: Item[][] = []
  #size = 0

  constructor(items: Iterable<Item>, compare: (a: Item, b: Item) => number) {
    this.#compare = compare
    const sorted = [...items].toSorted(compare)
    for (let start = 0; start < sorted.length; start += chunkSize) {
      this.#chunks.push(sorted.slice(start, start + chunkSize))
    }
    this.#size = sorted.length
  }

  get size(): number {
    return this.#size
  }

  add(item: Item): void {
    this.#size += 1
    const index = Math.min(this.#chunkOf(item), this.#chunks.length - 1)
    const chunk = this.#chunks[index]
    if (chunk === undefined) {
      this.#chunks.push([item])
      return
    }
    chunk.splice(this.#positionIn(chunk, item), 0, item)
    if (chunk.length > 2 * chunkSize) this.#chunks.splice(index + 1, 0, chunk.splice(chunkSize))
  }

  delete(item: Item): void {
    const index = this.#chunkOf(item)
    const chunk = this.#chunks[index]
    if (chunk === undefined) return
    const position = this.#positionIn(chunk, item)
    if (chunk[position] !== item) return
    chunk.splice(position, 1)
    if (chunk.length === 0) this.#chunks.splice(index, 1)
    this.#size -= 1
  }

  /** How many items stand before this one. */
  rank(item: Item): number {
    const index = this.#chunkOf(item)
    let before = 0
    for (let earlier = 0; earlier < index; earlier += 1) {
      before += this.#chunks[earlier]?.length ?? 0
    }
    const chunk = this.#chunks[index]
    return chunk === undefined ? before : before + this.#positionIn(chunk, item)
  }

  /** Up to `count` items from a position on. */
  slice(start: number, count: number): Item[] {
    const page: Item[] = []
    let skip = start
    for (const chunk of this.#chunks) {
      if (page.length >= count) break
      if (skip >= chunk.length) {
        skip -= chunk.length
        continue
      }
      for (const item of chunk.slice(skip, skip + count - page.length)) page.push(item)
      skip = 0
    }
    return page
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const chunk of this.#chunks) yield* chunk
  }

  *backwards(): Generator<Item> {
    for (let index = this.#chunks.length - 1; index >= 0; index -= 1) {
      const chunk = this.#chunks[index] as Item[]
      for (let position = chunk.length - 1; position >= 0; position -= 1) {
        yield chunk[position] as Item
      }
    }
  }

  /** The first chunk whose last item is not before this one. */
  #chunkOf(item: Item): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const last = this.#chunks[middle]?.at(-1) as Item
      if (this.#compare(last, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #positionIn(chunk: readonly Item[], item: Item): number {
    let low = 0
    let high = chunk.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(chunk[middle] as Item, item) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
