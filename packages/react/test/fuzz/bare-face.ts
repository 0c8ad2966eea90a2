import type { OrganizationMembershipPage } from '@org-memberships/core'
import { vi } from 'vitest'
import type { Organization } from '../../src/organization.js'
import { keyString, type PageKey } from '../../src/pages/keys.js'
import type { OrganizationMembershipsAPI } from '../../src/types.js'
import type { Face, ScheduledWrite, View } from './face.js'
import type { Random } from './random.js'

/** The class under test, so that a mutated copy of it can be put in its place. */
export type OrganizationClass = typeof Organization

const beforeEverything = { start: 0, end: 0 }

/** One organization, and the least that a cache library does: a map of pages. It needs `vi.useFakeTimers`. */
export class BareFace implements Face {
  readonly organization: Organization
  isPaused = false
  readonly #random: Random
  readonly #cache = new Map<string, OrganizationMembershipPage>()
  /** Not taken by a list yet. */
  readonly #given = new Map<string, OrganizationMembershipPage>()
  readonly #shown = new Map<string, { key: PageKey; unmount: () => void }>()
  readonly #suspended = new Set<string>()
  #era = 0

  constructor(api: OrganizationMembershipsAPI, random: Random, Class: OrganizationClass) {
    this.organization = new Class('org_1', api)
    this.#random = random
  }

  write({ userId, change, optimistic, revalidate, signal }: ScheduledWrite): Promise<unknown> {
    return this.organization.write({ userId, change, optimistic, revalidate, signal })
  }

  seed(key: PageKey, page: OrganizationMembershipPage): void {
    this.#give(key, this.organization.table.share(page, beforeEverything))
  }

  preload(key: PageKey): void {
    this.#preload(key).catch(() => {})
  }

  async #preload(key: PageKey): Promise<void> {
    const era = this.#era
    const { signal } = new AbortController()
    const page = await this.organization.fetchPage(key, undefined, signal)
    if (era === this.#era) this.#give(key, page)
  }

  #give(key: PageKey, page: OrganizationMembershipPage): void {
    const id = keyString(key)
    if (this.#shown.has(id)) return
    this.#given.set(id, page)
    this.organization.pages.give(id, [page])
  }

  show(key: PageKey, suspends: boolean): void {
    const id = keyString(key)
    if (this.#shown.has(id) || this.#suspended.has(id)) return
    if (!suspends || this.#cache.has(id) || this.#given.has(id)) {
      this.#mount(key)
      return
    }
    this.#suspended.add(id)
    const ended = () => this.#suspended.delete(id)
    this.#fetch(key, () => {
      if (ended()) this.#mount(key)
    }).then(ended, ended)
  }

  #mount(key: PageKey): void {
    const id = keyString(key)
    const given = this.#given.get(id)
    const place = this.#place(key)
    if (given && !this.#cache.has(id)) this.#cache.set(id, given)
    const unmount = this.organization.mount({
      id,
      cache: this.#cache,
      isInfinite: false,
      mode: true,
      pages: () => {
        const page = this.#cache.get(id)
        return page ? [{ page, key, place }] : []
      },
      revalidate: () => {
        if (!this.isPaused) this.refetch(key)
      },
    })
    this.organization.pages.take(id)
    this.#given.delete(id)
    this.#shown.set(id, { key, unmount })
    if (!this.#cache.has(id) || this.#random.chance(0.5)) this.refetch(key)
  }

  hide(key: PageKey): void {
    const id = keyString(key)
    this.#shown.get(id)?.unmount()
    this.#shown.delete(id)
  }

  isShown(key: PageKey): boolean {
    return this.#shown.has(keyString(key))
  }

  refetch(key: PageKey): void {
    this.#fetch(key).catch(() => {})
  }

  async #fetch(key: PageKey, landed = () => {}): Promise<void> {
    const era = this.#era
    const { signal } = new AbortController()
    const page = await this.organization.fetchPage(key, this.#place(key), signal)
    if (era !== this.#era) return
    this.#cache.set(keyString(key), page)
    landed()
  }

  #place(key: PageKey) {
    const id = keyString(key)
    return { cache: this.#cache, id, listId: id }
  }

  reset(): void {
    this.#era += 1
    this.#cache.clear()
    this.#given.clear()
    this.#suspended.clear()
    this.organization.reset(new DOMException('Reset.', 'AbortError'))
  }

  views(): View[] {
    return [...this.#shown.values()].flatMap(({ key }) => {
      const base = this.#cache.get(keyString(key))
      return base ? [{ key, base, ...this.organization.projector.project(base, key) }] : []
    })
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 8; round += 1) await Promise.resolve()
    vi.advanceTimersByTime(0)
    for (let round = 0; round < 4; round += 1) await Promise.resolve()
  }

  close(): void {}
}
