/**
 * When a page was read, in moments of the logical clock. The server took its snapshot somewhere in between, so of an
 * operation that overlaps this span nobody can say whether the page holds it.
 */
export interface Stamp {
  readonly start: number
  readonly end: number
}

/** For pages that came with no stamp (server render, a persisted cache): older than every operation. */
export const beforeEverything: Stamp = { start: 0, end: 0 }

let moment = 0

/** The next moment. One clock for all stores, since a cached page may outlive the store that fetched it. */
export function tick(): number {
  moment += 1
  return moment
}
