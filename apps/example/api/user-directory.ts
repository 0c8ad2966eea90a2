import { Inject, Injectable } from '@nestjs/common'
import { refuse } from './refuse.js'
import { SETTINGS, type Settings } from './settings.js'

/** A user of the instance, as far as an admin may see one who is not a member yet. */
export interface DirectoryEntry {
  readonly userId: string
  readonly name: string
  readonly emailAddress: string | null
}

interface UserJSON {
  id: string
  first_name: string | null
  last_name: string | null
  username: string | null
  primary_email_address_id: string | null
  email_addresses: { id: string; email_address: string }[]
}

// ms
const timeout = 8_000

// Rows that a search by name looks through: as many as the API gives at once. A text such as `mer` is part of every
// address of a company, so the few whose name holds it can be far down.
const searchedRows = 500

/** The users of the instance, by `GET /v1/users` of the emulator or of Clerk. */
@Injectable()
export class UserDirectory {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Whoever has exactly this address. */
  async withAddress(emailAddress: string): Promise<DirectoryEntry[]> {
    const users = await this.#getUsers({ email_address: emailAddress })
    return users.map(toEntry)
  }

  /** People whose name holds this text, of those that a search looks through. */
  async named(text: string): Promise<DirectoryEntry[]> {
    const users = await this.#getUsers({ query: text, limit: String(searchedRows) })
    const wanted = text.toLowerCase()
    // The parameter also matches ids, phone numbers and parts of addresses, which say nothing to who searches.
    return users.map(toEntry).filter(({ name }) => name.toLowerCase().includes(wanted))
  }

  async #getUsers(parameters: { [name: string]: string }): Promise<UserJSON[]> {
    const { apiOrigin, secretKey } = this.settings
    const search = new URLSearchParams(parameters)
    let response: Response
    try {
      response = await fetch(`${apiOrigin}/v1/users?${search}`, {
        headers: { Authorization: `Bearer ${secretKey}`, 'Clerk-API-Version': '2026-05-12' },
        // A credential goes to one origin only.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      })
      if (response.ok) return (await response.json()) as UserJSON[]
    } catch {
      throw refuse(502, 'upstream_failed', 'The directory of people cannot be reached.')
    }
    await response.body?.cancel()
    if (response.status === 429) {
      throw refuse(429, 'too_many_requests', 'Too many searches at once. Wait a moment.')
    }
    throw refuse(502, 'upstream_failed', `The directory of people answered ${response.status}.`)
  }
}

function toEntry(user: UserJSON): DirectoryEntry {
  const name = [user.first_name, user.last_name].filter(Boolean).join(' ')
  return {
    userId: user.id,
    name: name || (user.username ?? user.id),
    emailAddress: primaryAddress(user),
  }
}

function primaryAddress({ email_addresses, primary_email_address_id }: UserJSON): string | null {
  const primary = email_addresses.find(({ id }) => id === primary_email_address_id)
  return (primary ?? email_addresses[0])?.email_address ?? null
}
