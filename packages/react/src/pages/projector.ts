import type { OrganizationMembership, OrganizationMembershipPage } from '@org-memberships/core'
import { projectPage, type Projection } from '../members/project.js'
import type { MemberTable, Stamp } from '../members/table.js'
import { type PageKey, pageKeyAt } from './keys.js'
import { stampOf } from './registry.js'

/** Several pages of one list as they are to be shown. */
export interface ListProjection {
  readonly pages: OrganizationMembershipPage[]
  /** The rows of all pages, each member once. */
  readonly memberships: OrganizationMembership[]
  /** What the page that was read last says. */
  readonly totalCount: number | undefined
  readonly isOptimistic: boolean
}

interface ProjectedPage {
  readonly version: object
  readonly stamp: Stamp
  readonly projection: Projection
}

/** Lays the writes over pages, and keeps the object of what did not change: so an equal page renders nothing. */
export class PageProjector {
  readonly #table: MemberTable
  readonly #pages = new WeakMap<OrganizationMembershipPage, ProjectedPage>()
  readonly #lists = new WeakMap<readonly OrganizationMembershipPage[], ListProjection>()

  constructor(table: MemberTable) {
    this.#table = table
  }

  project(page: OrganizationMembershipPage, [, , list, query]: PageKey): Projection {
    const stamp = stampOf(page)
    const { written, version } = this.#table
    const last = this.#pages.get(page)
    if (last?.version === version && last.stamp === stamp) return last.projection
    const next = projectPage(
      page,
      { query, stamp, overflow: list === 'page' ? 'drop' : 'keep' },
      written,
    )
    const projection = last ? keepIdentity(last.projection, next) : next
    this.#pages.set(page, { version, stamp, projection })
    return projection
  }

  /** @param isBare with no write, as a server renders it */
  projectList(
    base: readonly OrganizationMembershipPage[],
    first: PageKey,
    isBare: boolean,
  ): ListProjection {
    const projections = base.map((page, index) =>
      isBare ? bareProjection(page) : this.project(page, pageKeyAt(first, index)),
    )
    const pages = projections.map(({ page }) => page)
    const isOptimistic = projections.some((projection) => projection.isOptimistic)
    const totalCount = pages[indexOfNewest(base)]?.totalCount
    const last = this.#lists.get(base)
    const next =
      last && hasSameItems(last.pages, pages)
        ? { ...last, totalCount, isOptimistic }
        : { pages, memberships: rowsOf(projections, base), totalCount, isOptimistic }
    if (last && isSameList(last, next)) return last
    this.#lists.set(base, next)
    return next
  }
}

/** With no write, as a server renders it. */
export function bareProjection(page: OrganizationMembershipPage): Projection {
  return { page, certainty: 'exact', isOptimistic: false, hasNewcomers: false }
}

function isSameList(left: ListProjection, right: ListProjection): boolean {
  return (
    left.pages === right.pages &&
    left.totalCount === right.totalCount &&
    left.isOptimistic === right.isOptimistic
  )
}

function indexOfNewest(pages: readonly OrganizationMembershipPage[]): number {
  const starts = pages.map((page) => stampOf(page).start)
  return starts.lastIndexOf(Math.max(...starts))
}

const disjointLists = new WeakMap<readonly OrganizationMembershipPage[], boolean>()

/** The rows of all pages. Looks for members that are on two only where there can be some: with 10,000 rows it tells. */
function rowsOf(
  projections: readonly Projection[],
  base: readonly OrganizationMembershipPage[],
): OrganizationMembership[] {
  const rows = projections.flatMap(({ page }) => page.data)
  let isDisjoint = disjointLists.get(base)
  if (isDisjoint === undefined) {
    const all = base.flatMap(({ data }) => data)
    isDisjoint = uniqueRows(all).length === all.length
    disjointLists.set(base, isDisjoint)
  }
  return isDisjoint && !projections.some(({ hasNewcomers }) => hasNewcomers)
    ? rows
    : uniqueRows(rows)
}

/** Offsets shift when members come and go, so neighbouring pages may both hold a row. */
function uniqueRows(rows: readonly OrganizationMembership[]): OrganizationMembership[] {
  const unique = new Map<string, OrganizationMembership>()
  for (const row of rows) {
    const member = row.publicUserData?.userId ?? row.id
    if (!unique.has(member)) unique.set(member, row)
  }
  return [...unique.values()]
}

export function isSamePage(
  left: OrganizationMembershipPage,
  right: OrganizationMembershipPage,
): boolean {
  return left.totalCount === right.totalCount && hasSameItems(left.data, right.data)
}

export function hasSameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => Object.is(item, right[index]))
}

function keepIdentity(last: Projection, next: Projection): Projection {
  if (!isSamePage(last.page, next.page)) return next
  return last.certainty === next.certainty && last.isOptimistic === next.isOptimistic
    ? last
    : { ...next, page: last.page }
}
