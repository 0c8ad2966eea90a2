import type { Change } from './rows.js'
import { Store } from './store.js'

/** A copy of a store that follows it later, as the read replicas behind an API do. */
export class Replica {
  readonly #store: Store
  /** Oldest first. */
  #coming: { readonly change: Change; readonly madeAt: number }[] = []

  /** Starts as the source is now. */
  constructor(source: Store) {
    this.#store = new Store(source.roles.values())
    for (const { row } of source.users) this.#store.apply({ put_user: row })
    for (const { row, members, invitations } of source.organizations.values()) {
      this.#store.apply({ put_organization: row })
      for (const member of members.values()) this.#store.apply({ put: member.row })
      for (const invitation of invitations.values()) {
        this.#store.apply({ put_invitation: invitation })
      }
    }
  }

  /** Takes a change that was just made to the source. */
  follow(change: Change, now: number): void {
    this.#coming.push({ change, madeAt: now })
  }

  /** The state with every change that was made up to a time; never an older one than it was asked for before. */
  upTo(time: number): Store {
    const next = this.#coming.findIndex(({ madeAt }) => madeAt > time)
    const due = this.#coming.splice(0, next === -1 ? this.#coming.length : next)
    for (const { change } of due) this.#store.apply(change)
    return this.#store
  }
}
