import type { UserRecord } from './records.js'

/** What a user can be found by besides the id. */
export type Contact = 'emailAddresses' | 'phoneNumbers' | 'usernames' | 'web3Wallets'

/** The users of an instance, by id and by contact. Letter case does not count in a contact. */
export class UserIndex implements Iterable<UserRecord> {
  readonly #byId = new Map<string, UserRecord>()
  readonly #byContact = new Map<Contact, Map<string, UserRecord[]>>()

  add(user: UserRecord): void {
    this.#byId.set(user.id, user)
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

  /** Made at the first look-up by this kind of contact: users come in by a seed only. */
  #index(contact: Contact): Map<string, UserRecord[]> {
    const known = this.#byContact.get(contact)
    if (known !== undefined) return known
    const index = new Map<string, UserRecord[]>()
    for (const user of this) {
      for (const value of contactsOf(user, contact)) {
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

export function contactsOf(user: UserRecord, contact: Contact): readonly string[] {
  if (contact !== 'usernames') return user[contact]
  return user.username === null ? [] : [user.username]
}

const searchTexts = new WeakMap<UserRecord, string>()

/** Everything that `query` looks through, in lower case, a line for each field (contract, section 3). */
export function searchTextOf(user: UserRecord): string {
  let text = searchTexts.get(user)
  if (text === undefined) {
    text = [
      user.id,
      fullNameOf(user),
      user.username ?? '',
      ...user.emailAddresses,
      ...user.phoneNumbers,
      ...user.web3Wallets,
    ]
      .join('\n')
      .toLowerCase()
    searchTexts.set(user, text)
  }
  return text
}

export function fullNameOf(user: UserRecord): string {
  return [user.firstName, user.lastName].filter((name) => name !== null).join(' ')
}
