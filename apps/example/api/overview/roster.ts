import { Inject, Injectable } from '@nestjs/common'
import { type OrganizationMembership, OrganizationMembershipsClient } from '@org-memberships/core'
import { SETTINGS, type Settings } from '../settings.js'
import { KeptRoster } from './kept-roster.js'
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

/** Everybody, as far as is known. */
export interface RosterReading {
  readonly entries: RosterEntries
  /** Where the API could not be asked now: since when nobody knows whether this is still true, ms since the epoch. */
  readonly uncheckedSince: number | null
}

// What others change is seen by counting, mostly. What leaves every count as it was is seen after this long, ms.
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
 * Changes elsewhere (another process, the dashboard) show in the numbers: whoever asks has all members and those of each
 * role counted, which costs a request of one row for each, and only where a number differs is everybody read again.
 */
@Injectable()
export class Roster {
  #kept: KeptRoster | null = null
  #keptUntil = 0
  #reading: SharedReading<RosterReading> | null = null
  /** What has changed since the reading under way began; `null` is not a member any more. */
  #meanwhile = new Map<string, RosterEntry | null>()

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(OrganizationMembershipsClient)
    private readonly memberships: OrganizationMembershipsClient,
  ) {}

  /** Callers who ask at the same time share one reading, and before that one counting. */
  async read(signal: AbortSignal): Promise<RosterReading> {
    const kept = this.#kept
    if (kept !== null && Date.now() < this.#keptUntil) {
      const finding = await kept.compare(signal)
      // Unless something was said to have changed meanwhile, and nobody knows what.
      if (finding !== 'different' && this.#kept === kept) {
        const uncheckedSince = finding === 'unknown' ? kept.trueAt : null
        return { entries: kept.entries, uncheckedSince }
      }
    }
    // Another caller may have found out first, and what is kept by now be newer.
    if (this.#kept === kept) this.#kept = null
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

  #begin(): SharedReading<RosterReading> {
    const meanwhile = new Map<string, RosterEntry | null>()
    this.#meanwhile = meanwhile
    const reading = new SharedReading(async (signal) => {
      const startedAt = Date.now()
      try {
        const entries = await this.#readAll(signal)
        for (const [userId, entry] of meanwhile) set(entries, userId, entry)
        // Not where it was forgotten while it was under way.
        if (this.#reading === reading) {
          this.#kept = new KeptRoster(entries, startedAt, this.#count)
          this.#keptUntil = startedAt + freshness
        }
        return { entries, uncheckedSince: null }
      } finally {
        if (this.#reading === reading) this.#reading = null
      }
    })
    return reading
  }

  readonly #count = (role: string | undefined, signal: AbortSignal): Promise<number> => {
    const { organizationId } = this.settings
    return this.memberships.count(
      { organizationId, ...(role !== undefined && { role }) },
      { signal },
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

function userIdOf({ id, publicUserData }: OrganizationMembership): string {
  return publicUserData?.userId ?? id
}

function toEntry({ role, roleName, createdAt }: OrganizationMembership): RosterEntry {
  return { role, roleName: roleName ?? role, joinedAt: createdAt }
}
