import { Controller, Get, Header, Inject, Query, Req } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { MembershipAccess, type MembershipRequest, requireAccess } from '@org-memberships/nestjs'
import { refuse } from './refuse.js'
import { SETTINGS, type Settings } from './settings.js'
import { type DirectoryEntry, UserDirectory } from './user-directory.js'

/** Someone to add, or to be told is a member already. */
export interface FoundPerson extends DirectoryEntry {
  readonly isMember: boolean
}

// A search finds a person whom one knows of. It is no way to read the directory.
const shortestQuery = 3
const mostHits = 5

// People whose membership one request asks for; their ids stand in its address, which has an end.
const askedAtOnce = 100

// ms
const deadline = 8_000

/** Finds people to add, for callers who may add them. */
@Controller('people')
export class PeopleController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(MembershipAccess) private readonly access: MembershipAccess,
    @Inject(UserDirectory) private readonly directory: UserDirectory,
    @Inject(OrganizationMembershipsClient)
    private readonly memberships: OrganizationMembershipsClient,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  async search(
    @Req() request: MembershipRequest,
    @Query('query') query: unknown,
    @Query('email_address') emailAddress: unknown,
  ): Promise<{ people: FoundPerson[] }> {
    const { organizationId } = this.settings
    const signal = AbortSignal.timeout(deadline)
    const call = { operation: 'create', organizationId, request, signal, fresh: false } as const
    await requireAccess(this.access, call)

    const found = await this.#find(query, emailAddress)
    if (found.length === 0) return { people: [] }
    const toAdd: FoundPerson[] = []
    const members: FoundPerson[] = []
    // All matches are looked at, not the first few: who can be added is what is searched for, and comes first.
    for (let start = 0; start < found.length && toAdd.length < mostHits; start += askedAtOnce) {
      const some = found.slice(start, start + askedAtOnce)
      const memberIds = await this.#membersAmong(some, signal)
      for (const { userId, name, emailAddress: address } of some) {
        const isMember = memberIds.has(userId)
        const person = { userId, name, emailAddress: address, isMember }
        if (isMember) members.push(person)
        else toAdd.push(person)
      }
    }
    return { people: [...toAdd, ...members].slice(0, mostHits) }
  }

  async #membersAmong(
    people: readonly DirectoryEntry[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<string | undefined>> {
    const { organizationId } = this.settings
    const { data } = await this.memberships.list(
      { organizationId, userId: people.map(({ userId }) => userId), limit: people.length },
      { signal },
    )
    return new Set(data.map(({ publicUserData }) => publicUserData?.userId))
  }

  async #find(query: unknown, emailAddress: unknown): Promise<DirectoryEntry[]> {
    if (emailAddress === undefined) return this.directory.named(readName(query))
    return this.directory.withAddress(readAddress(emailAddress))
  }
}

function readAddress(emailAddress: unknown): string {
  const address = typeof emailAddress === 'string' ? emailAddress.trim() : ''
  if (/^[^\s@]+@[^\s@]+$/.test(address)) return address
  throw refuse(422, 'form_param_value_invalid', 'email_address has to be one whole address.')
}

function readName(query: unknown): string {
  const text = typeof query === 'string' ? query.trim() : ''
  if ([...text.replaceAll(/[^\p{L}]/gu, '')].length >= shortestQuery) return text
  throw refuse(
    422,
    'form_param_value_invalid',
    `query has to hold at least ${shortestQuery} letters of a name.`,
  )
}
