import { Controller, Get, Header, Inject, Query, Req } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { MembershipAccess, type MembershipRequest } from '@org-memberships/nestjs'
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
    await this.access.authorize({ operation: 'create', organizationId, request, signal })

    const found = await this.#find(query, emailAddress)
    if (found.length === 0) return { people: [] }
    const { data } = await this.memberships.list(
      { organizationId, userId: found.map(({ userId }) => userId), limit: found.length },
      { signal },
    )
    const members = new Set(data.map(({ publicUserData }) => publicUserData?.userId))
    const people = found.map(({ userId, name, emailAddress: address }) => ({
      userId,
      name,
      emailAddress: address,
      isMember: members.has(userId),
    }))
    // Who can be added comes first.
    people.sort((a, b) => Number(a.isMember) - Number(b.isMember))
    return { people: people.slice(0, mostHits) }
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
