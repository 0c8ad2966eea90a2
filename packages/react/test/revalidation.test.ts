import { expect, test } from 'vitest'
import { organizationMembershipsKey } from '../src/pages/keys.js'
import type { Certainty } from '../src/members/project.js'
import { type MountedList, Revalidation } from '../src/pages/revalidation.js'
import type { RevalidateMode } from '../src/types.js'

const cache = {}

function list(id: string, mode: RevalidateMode, certainty: Certainty, isInfinite = false) {
  const page = { data: [], totalCount: 0 }
  const key = organizationMembershipsKey('org_1')
  const mounted: MountedList = {
    id,
    cache,
    mode,
    isInfinite,
    pages: () => [{ page, key, place: { cache, id, listId: id } }],
    revalidate: () => {},
  }
  return { mounted, page, certainty }
}

function due(
  lists: ReturnType<typeof list>[],
  prepare: (revalidation: Revalidation) => void,
): string[] {
  const revalidation = new Revalidation()
  prepare(revalidation)
  const certaintyOf = (asked: object) => lists.find(({ page }) => page === asked)!.certainty
  const take = () =>
    revalidation.take(
      lists.map(({ mounted }) => mounted),
      certaintyOf,
    )
  const ids = take().map(({ id }) => id)
  // What was asked is then done with.
  expect(take()).toEqual([])
  return ids
}

const lists = [
  list('always', true, 'exact'),
  list('auto, exact', 'auto', 'exact'),
  list('auto, incomplete', 'auto', 'incomplete'),
  list('auto, infinite', 'auto', 'exact', true),
  list('never, incomplete', false, 'incomplete'),
  list('never, guessed', false, 'guessed'),
]

test.for([
  ['what each list says', undefined, false, ['always', 'auto, incomplete', 'never, guessed']],
  ['true: all', true, false, lists.map(({ mounted }) => mounted.id)],
  [
    'auto: what is not exact',
    'auto',
    false,
    ['auto, incomplete', 'never, incomplete', 'never, guessed'],
  ],
  [
    'auto, rows moved: infinite lists too',
    'auto',
    true,
    ['auto, incomplete', 'auto, infinite', 'never, incomplete', 'never, guessed'],
  ],
  ['false: a guess all the same', false, true, ['never, guessed']],
] as const)('after a write that asks for %s', ([, mode, hasMovedRows, expected]) => {
  const ids = due(lists, (revalidation) => {
    revalidation.ask(mode)
    if (hasMovedRows) revalidation.rowsMoved()
  })
  expect(ids).toEqual(expected)
})

test('of several writes the one that asks for most decides, and an unknown outcome for all', () => {
  expect(due(lists, () => {})).toEqual([])
  const mixed = due(lists, (revalidation) => {
    revalidation.ask(false)
    revalidation.ask('auto')
  })
  expect(mixed).toEqual(['auto, incomplete', 'never, incomplete', 'never, guessed'])
  const forced = due(lists, (revalidation) => {
    revalidation.ask(false)
    revalidation.force()
  })
  expect(forced).toHaveLength(lists.length)
  const twice = [list('same', true, 'exact'), list('same', true, 'exact')]
  expect(due(twice, (revalidation) => revalidation.ask(true))).toEqual(['same'])
})
