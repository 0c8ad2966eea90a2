import type { OrganizationMembershipPage } from '@org-memberships/core'
import type { Certainty } from './overlay/project.js'
import type { ListContext } from './page-projector.js'
import type { RevalidateMode } from './types.js'

/** A list that a mounted hook shows. */
export interface MountedList {
  /** Two hooks with one id in one cache share one request. */
  readonly id: string
  readonly cache: object
  readonly isInfinite: boolean
  /** What the list does after writes that do not say. */
  readonly mode: RevalidateMode
  pages(): readonly { page: OrganizationMembershipPage; context: ListContext }[]
  revalidate(): void
}

/** What the writes since an organization was last idle ask its lists to do when it is idle again. */
export class Revalidation {
  #modes = new Set<RevalidateMode | undefined>()
  #isForced = false
  #hasMovedRows = false

  ask(mode: RevalidateMode | undefined): void {
    this.#modes.add(mode)
  }

  /** Nobody knows what a write has done. */
  force(): void {
    this.#isForced = true
  }

  /** Somebody came or went, so the offsets of all that follows have shifted. */
  rowsMoved(): void {
    this.#hasMovedRows = true
  }

  clear(): void {
    this.#modes.clear()
    this.#isForced = false
    this.#hasMovedRows = false
  }

  /** The lists that are due, each id once; what was asked is then done with. */
  take(
    lists: Iterable<MountedList>,
    certaintyOf: (page: OrganizationMembershipPage, context: ListContext) => Certainty,
  ): MountedList[] {
    const due: MountedList[] = []
    for (const list of lists) {
      if (due.some(({ id, cache }) => id === list.id && cache === list.cache)) continue
      const certainties = () => list.pages().map(({ page, context }) => certaintyOf(page, context))
      if (this.#isForced || [...this.#modes].some((mode) => this.#isDue(list, mode, certainties))) {
        due.push(list)
      }
    }
    this.clear()
    return due
  }

  #isDue(
    list: MountedList,
    asked: RevalidateMode | undefined,
    certainties: () => Certainty[],
  ): boolean {
    const mode = asked ?? list.mode
    if (mode === true) return true
    if (mode === false) return certainties().includes('guessed')
    if (list.isInfinite && this.#hasMovedRows) return true
    return certainties().some((certainty) => certainty !== 'exact')
  }
}
