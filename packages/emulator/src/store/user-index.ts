import type { UserRecord } from './records.js'
import type { UserRow } from './rows.js'

/** What a user can be found by besides the id. */
export type Contact = 'email_address' | 'phone_number' | 'username' | 'web3_wallet'

/** The filters that look for a whole contact. */
export const contactFilters = {
  emailAddress: 'email_address',
  phoneNumber: 'phone_number',
  username: 'username',
  web3Wallet: 'web3_wallet',
} as const satisfies { readonly [filter: string]: Contact }

/** The users of an instance, by id and by contact. Letter case does not count in a contact. */
export class UserIndex implements Iterable<UserRecord> {
  readonly #byId = new Map<string, UserRecord>()
  readonly #byContact = new Map<Contact, Map<string, UserRecord[]>>()

  add(user: UserRecord): void {
    this.#byId.set(user.row.id, user)
    this.#byContact.clear()
  }

  delete(id: string): void {
    this.#byId.delete(id)
    this.#byContact.clear()
  }

  /** Says that the contacts of a user may be others now. */
  changed(): void {
    this.#byContact.clear()
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): UserRecord | undefined {
    return this.#byId.get(id)
  }

  [Symbol.iterator](): IterableIterator<UserRecord> {
    return this.#byId.values()
  }

  /** Users with exactly this contact. */
  find(contact: Contact, value: string): readonly UserRecord[] {
    return this.#index(contact).get(value.toLowerCase()) ?? []
  }

  /** Made at the first look-up by this kind of contact, since users seldom change. */
  #index(contact: Contact): Map<string, UserRecord[]> {
    const known = this.#byContact.get(contact)
    if (known !== undefined) return known
    const index = new Map<string, UserRecord[]>()
    for (const user of this) {
      for (const value of contactsOf(user.row, contact)) {
        const key = value.toLowerCase()
        const users = index.get(key)
        if (users === undefined) index.set(key, [user])
        else users.push(user)
      }
    }
    this.#byContact.set(contact, index)
    return index
  }
}

export function contactsOf(user: UserRow, contact: Contact): readonly string[] {
  if (contact !== 'username') return user[contact]
  return user.username === null ? [] : [user.username]
}

const searchTexts = new WeakMap<UserRow, string>()

/** Everything that `query` looks through, in lower case, a line for each field (contract, section 3). */
export function searchTextOf(user: UserRow): string {
  let text = searchTexts.get(user)
  if (text === undefined) {
    text = [
      user.id,
      fullNameOf(user),
      user.username ?? '',
      ...user.email_address,
      ...user.phone_number,
      ...user.web3_wallet,
    ]
      .join('\n')
      .toLowerCase()
    searchTexts.set(user, text)
  }
  return text
}

export function fullNameOf(user: UserRow): string {
  return [user.first_name, user.last_name].filter((name) => name !== null).join(' ')
}
