import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import type { NormalizedQuery } from '../pages/keys.js'
import { type Contribution, contributionTo } from './membership-in-list.js'
import { applyChange, type Present, type Presence } from './presence.js'
import {
  isKnownAt,
  isUnconfirmed,
  type Stamp,
  stateOf,
  stateOfRow,
  type Writes,
  type WrittenMembers,
} from './table.js'

/**
 * How far a projected page can be trusted.
 *
 * - `'exact'`: what the server would answer now.
 * - `'incomplete'`: right in all it says, but a row or a count is missing that only a refetch can bring.
 * - `'guessed'`: a count that may be off by one, because the page was read while a write was under way.
 */
export type Certainty = 'exact' | 'incomplete' | 'guessed'

export interface Projection {
  readonly page: OrganizationMembershipPage
  readonly certainty: Certainty
  /** Something shown has not been confirmed yet. */
  readonly isOptimistic: boolean
  /** Rows were added that the page did not have. */
  readonly hasNewcomers: boolean
}

export interface PageContext {
  readonly query: NormalizedQuery
  readonly stamp: Stamp
  /**
   * What to do with the rows that an insertion pushes over the limit. A single page drops them, as the server would;
   * a list of pages keeps them, for the next page does not know them yet.
   */
  readonly overflow: 'drop' | 'keep'
}

/** The page as it is to be shown: what the server said, with the writes applied that it may not know. */
export function projectPage(
  page: OrganizationMembershipPage,
  { query, stamp, overflow }: PageContext,
  written: WrittenMembers,
): Projection {
  const { data, totalCount } = page
  const isLast = query.offset + data.length >= totalCount
  const isWhole = query.offset === 0 && data.length === totalCount
  const changed = new Map<number, OrganizationMembership | undefined>()
  const newcomers: Present[] = []
  let total = totalCount
  let certainty: Certainty = 'exact'
  let isOptimistic = false
  const doubt = (doubted: Certainty) => {
    if (certainty !== 'guessed') certainty = doubted
  }
  let isTouched = false
  const touch = (writes: Writes) => {
    isTouched = true
    if (isUnconfirmed(writes)) isOptimistic = true
  }

  /** A row that is on the page counted as one when the page was read, whatever the writes were doing then. */
  const changeRow = (index: number, userId: string, writes: Writes) => {
    const row = data[index] as OrganizationMembership
    const state = stateOfRow(row, stamp, writes)
    const shown = state.isMember ? state.row : undefined
    if (shown === row) return
    touch(writes)
    if (!state.isMember || !shown || contributionTo(query, userId, state, true) === 0) {
      changed.set(index, undefined)
      total -= 1
      if (!isLast) doubt('incomplete')
    } else if (shown.id === row.id) changed.set(index, shown)
    else {
      // Somebody removed and added again counts as before, and stands where a newcomer stands.
      changed.set(index, undefined)
      addRow(state)
    }
  }

  /** The first page of a list in default order is the one where a row's place can be told. */
  const hasPlace = ({ row, isDraft }: Present) =>
    row !== undefined &&
    query.orderBy === undefined &&
    query.offset === 0 &&
    (isLast || isDraft || row.createdAt > (data.at(-1)?.createdAt ?? 0))
  const addRow = (state: Presence) => {
    if (state.isMember && hasPlace(state)) newcomers.push(state)
    else doubt('incomplete')
  }

  /** A user whose row is not on the page may move its total, or have a place on it. */
  const placeOther = (userId: string, writes: Writes) => {
    const state = stateOf(writes)
    const after = contributionTo(query, userId, state)
    const isHere = after === 1 && state.isMember && hasPlace(state)
    const then = statesAt(stamp, writes)
    const counts = then
      // Had the page known this very membership, it would stand there.
      .filter((other) => !(isHere && isSameMembership(other, state)))
      .map((other) => contributionTo(query, userId, other))
    const [before = 0, ...others] = isWhole ? countsOnWhole(counts) : new Set(counts)
    const isEither = others.length > 0
    // Somebody removed and added again counts as before, but stands elsewhere.
    const isStill = after === 0 || then.every((other) => isSameMembership(other, state))
    if (!isEither && before === after && after !== 'unknown' && isStill && !isHere) return
    touch(writes)
    if (typeof after !== 'number' || (!isEither && typeof before !== 'number')) doubt('incomplete')
    else {
      // Where it is not known, as if the page had been read before the write; it takes a refetch.
      total += after - (before === 1 ? 1 : 0)
      if (isEither) doubt('guessed')
      else {
        addRow(isHere ? state : notHere)
        // The row that went stood on another page, and what came after it has moved.
        if (before === 1) doubt('incomplete')
      }
    }
  }

  for (const [userId, writes] of written) {
    if (isKnownAt(stamp, writes) && writes.pending.length === 0) continue
    const index = indexesOf(page).get(userId)
    if (index === undefined) placeOther(userId, writes)
    else changeRow(index, userId, writes)
  }
  if (!isTouched) return { page, certainty, isOptimistic, hasNewcomers: false }
  let rows = data.flatMap((row, index) => (changed.has(index) ? (changed.get(index) ?? []) : row))
  for (const { row, isDraft } of newcomers) {
    if (isDraft || !row) continue
    const index = rows.findIndex(({ createdAt }) => createdAt < row.createdAt)
    rows.splice(index === -1 ? rows.length : index, 0, row)
  }
  // A draft stands above what the server has already dated, the latest on top.
  const drafts = newcomers.flatMap(({ row, isDraft }) => (isDraft && row ? row : []))
  // oxlint-disable-next-line unicorn/no-array-reverse -- a fresh array, and browsers of ES2022 have no toReversed
  rows = [...drafts.reverse(), ...rows]
  if (overflow === 'drop') rows = rows.slice(0, query.limit)
  return {
    page: { data: rows, totalCount: Math.max(0, total) },
    certainty,
    isOptimistic,
    hasNewcomers: newcomers.length > 0,
  }
}

const notHere: Presence = { isMember: false }

/** What the user may have been when the page was read. */
function statesAt(stamp: Stamp, writes: Writes): readonly Presence[] {
  const { confirmed, pending } = writes
  const { after, through, sentAt } = confirmed
  const settled = isKnownAt(stamp, writes)
    ? [after]
    : stamp.end < sentAt
      ? through.slice(0, 1)
      : through
  const [first] = pending
  return first?.sentAt !== undefined && first.sentAt <= stamp.end
    ? [...settled, applyChange(after, first.change)]
    : settled
}

/**
 * A page that holds the whole list, but not this row, did not count it; nor does it say whether the server's own filters
 * would find the user, unless only they can have kept it away.
 */
function countsOnWhole(counts: readonly Contribution[]): readonly Contribution[] {
  return counts.every((count) => count === 'ifFound') ? counts.slice(0, 1) : [0]
}

function isSameMembership(left: Presence, right: Presence): boolean {
  if (!left.isMember || !right.isMember) return false
  return left.since === undefined || left.since === right.since
}

const indexes = new WeakMap<OrganizationMembershipPage, ReadonlyMap<string | undefined, number>>()

/** Where on a page each user stands. */
function indexesOf(page: OrganizationMembershipPage): ReadonlyMap<string | undefined, number> {
  let known = indexes.get(page)
  if (!known) {
    known = new Map(page.data.map((row, index) => [row.publicUserData?.userId, index]))
    indexes.set(page, known)
  }
  return known
}
