import { Inject, Injectable } from '@nestjs/common'
import { type OrganizationMembership, OrganizationMembershipsClient } from '@org-memberships/core'
import { SETTINGS, type Settings } from '../settings.js'
import { SharedReading } from './shared-reading.js'

/** What the overview needs to know of one member. */
export interface RosterEntry {
  readonly role: string
  readonly roleName: string
  /** ms since the epoch */
  readonly joinedAt: number
}

/** By user id. */
export type RosterEntries = ReadonlyMap<string, RosterEntry>

// What others change is seen by counting, mostly. What leaves each count as it was is seen after this long, ms.
const freshness = 60_000

/**
 * Who belongs to the organization, with which role and since when.
 *
 * Everybody is read once, and kept for a minute. A change through this app is put in by what the API answered to it, so
 * ten thousand members are not read again for each click:
 *
 *     reading   ├── 20 pages ──┤ kept ──────────────────────────────── a minute ──┤ the next who asks reads again
 *     change          ├ answer: put on top of what is read
 *     change                            ├ answer: put in
 *     change                                      ├ no answer: nobody knows, so what is kept is dropped
 *
 * Changes elsewhere (another process, the dashboard) show in the numbers: whoever asks has the members of each role
 * counted, which costs a request of one row for each, and only where a number differs is everybody read again.
 */
@Injectable()
export class Roster {
  #kept: { entries: Map<string, RosterEntry>; until: number } | null = null
  #reading: SharedReading<RosterEntries> | null = null
  /** What has changed since the reading under way began; `null` is not a member any more. */
  #meanwhile = new Map<string, RosterEntry | null>()

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(OrganizationMembershipsClient)
    private readonly memberships: OrganizationMembershipsClient,
  ) {}

  /** Callers who ask at the same time share one reading. */
  async read(signal: AbortSignal): Promise<RosterEntries> {
    const kept = this.#kept
    if (kept !== null) {
      if (Date.now() < kept.until && (await this.#isTrue(kept.entries, signal))) return kept.entries
      // Another caller may have found out first, and what is kept by now be newer.
      if (this.#kept === kept) this.#kept = null
    }
    if (this.#reading === null || this.#reading.isAbandoned) {
      this.#reading = this.#begin()
    }
    return this.#reading.wait(signal)
  }

  /** A member was added or changed. */
  put(membership: OrganizationMembership): void {
    this.#change(membership, toEntry(membership))
  }

  /** A member was removed. */
  takeOut(membership: OrganizationMembership): void {
    this.#change(membership, null)
  }

  /** Something may have changed, and nobody knows what: the next who asks has everybody read again. */
  forget(): void {
    this.#kept = null
    this.#reading = null
  }

  #begin(): SharedReading<RosterEntries> {
    const meanwhile = new Map<string, RosterEntry | null>()
    this.#meanwhile = meanwhile
    const reading = new SharedReading(async (signal) => {
      const startedAt = Date.now()
      try {
        const entries = await this.#readAll(signal)
        for (const [userId, entry] of meanwhile) set(entries, userId, entry)
        // Not where it was forgotten while it was under way.
        if (this.#reading === reading) this.#kept = { entries, until: startedAt + freshness }
        return entries
      } finally {
        if (this.#reading === reading) this.#reading = null
      }
    })
    return reading
  }

  async #isTrue(entries: RosterEntries, signal: AbortSignal): Promise<boolean> {
    const { organizationId } = this.settings
    const roles = [...countByRole(entries).keys()]
    const [total, ...counts] = await Promise.all([
      this.memberships.count({ organizationId }, { signal }),
      // Of the last, the total tells.
      ...roles
        .slice(0, -1)
        .map((role) => this.memberships.count({ organizationId, role }, { signal })),
    ])
    // By now, and not by then: changes have been put in meanwhile.
    const known = countByRole(entries)
    return (
      total === entries.size &&
      counts.every((count, index) => count === known.get(roles[index] ?? ''))
    )
  }

  async #readAll(signal: AbortSignal): Promise<Map<string, RosterEntry>> {
    const { organizationId } = this.settings
    const entries = new Map<string, RosterEntry>()
    for await (const membership of this.memberships.listAll({ organizationId }, { signal })) {
      set(entries, userIdOf(membership), toEntry(membership))
    }
    return entries
  }

  #change(membership: OrganizationMembership, entry: RosterEntry | null): void {
    const userId = userIdOf(membership)
    if (this.#reading !== null) this.#meanwhile.set(userId, entry)
    if (this.#kept !== null) set(this.#kept.entries, userId, entry)
  }
}

function set(entries: Map<string, RosterEntry>, userId: string, entry: RosterEntry | null): void {
  if (entry === null) entries.delete(userId)
  else entries.set(userId, entry)
}

function countByRole(entries: RosterEntries): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { role } of entries.values()) counts.set(role, (counts.get(role) ?? 0) + 1)
  return counts
}

function userIdOf({ id, publicUserData }: OrganizationMembership): string {
  return publicUserData?.userId ?? id
}

function toEntry({ role, roleName, createdAt }: OrganizationMembership): RosterEntry {
  return { role, roleName: roleName ?? role, joinedAt: createdAt }
}
