import { Inject, Injectable } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { SETTINGS, type Settings } from './settings.js'

// ms. Anybody may ask for the name, so however many do, the API is asked once in this time.
const freshness = 60_000

/** What the organization is called. */
@Injectable()
export class OrganizationName {
  #kept: { name: Promise<string>; until: number } | null = null

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(OrganizationMembershipsClient)
    private readonly memberships: OrganizationMembershipsClient,
  ) {}

  read(): Promise<string> {
    if (this.#kept !== null && Date.now() < this.#kept.until) return this.#kept.name
    const kept = { name: this.#ask(), until: Date.now() + freshness }
    this.#kept = kept
    kept.name.catch(() => {
      // A failure is not kept: the next who asks tries again.
      if (this.#kept === kept) this.#kept = null
    })
    return kept.name
  }

  async #ask(): Promise<string> {
    const { organizationId } = this.settings
    const { data } = await this.memberships.list({ organizationId, limit: 1 })
    return data[0]?.organization.name ?? organizationId
  }
}
