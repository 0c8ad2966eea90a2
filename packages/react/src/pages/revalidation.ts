import type { OrganizationMembershipPage } from '@org-memberships/core'
import type { Certainty } from '../members/project.js'
import type { RevalidateMode } from '../types.js'
import type { PageKey } from './keys.js'
import type { Place } from './registry.js'

/** A page that a list shows, and where it came from. */
export interface ListedPage {
  readonly page: OrganizationMembershipPage
  readonly key: PageKey
  readonly place: Place
}

/** A list that a mounted hook shows. */
export interface MountedList {
  /** Two hooks with one id in one cache share one request. */
  readonly id: string
  readonly cache: object
  readonly isInfinite: boolean
  /** What the list does after writes that do not say. */
  readonly mode: RevalidateMode
  pages(): readonly ListedPage[]
  revalidate(): void
}

/** Of lists that share their requests the first. */
export function distinct(lists: Iterable<MountedList>): MountedList[] {
  const all = [...lists]
  return all.filter(
    ({ id, cache }, index) =>
      all.findIndex((other) => other.id === id && other.cache === cache) === index,
  )
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
    certaintyOf: (page: OrganizationMembershipPage, key: PageKey) => Certainty,
  ): MountedList[] {
    const isDue = (list: MountedList, mode: RevalidateMode) => {
      if (mode === true) return true
      if (mode === 'auto' && list.isInfinite && this.#hasMovedRows) return true
      const certainties = list.pages().map(({ page, key }) => certaintyOf(page, key))
      return certainties.some((it) => it === 'guessed' || (mode === 'auto' && it !== 'exact'))
    }
    const due = distinct(lists).filter(
      (list) => this.#isForced || [...this.#modes].some((mode) => isDue(list, mode ?? list.mode)),
    )
    this.clear()
    return due
  }
}
