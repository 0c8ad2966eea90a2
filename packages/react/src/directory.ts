import type {
  Organization,
  OrganizationMembership,
  OrganizationMembershipPage,
} from '@org-memberships/core'
import type { Stamp } from './overlay/stamp.js'

/** A row as the server last told it, and when. */
export interface KnownRow {
  readonly row: OrganizationMembership
  readonly stamp: Stamp
}

/**
 * The rows of one organization by user, as far as any answer has told them. It gives equal rows one identity over all
 * lists, so that a refetch renders only what differs, and it is where a write looks up what it is about to change.
 */
export class Directory {
  readonly #rows = new Map<string, KnownRow>()
  #organization: Organization | undefined
  /** Without `membersCount`: a row is the same object while nothing of it has changed, whoever else comes or goes. */
  #organizationInRows: Organization | undefined
  #organizationReadAt = 0

  /** The same page, with every row that is already known by an equal object replaced by that object. */
  share(
    { data, totalCount }: OrganizationMembershipPage,
    stamp: Stamp,
  ): OrganizationMembershipPage {
    return { data: data.map((row) => this.learn(row, stamp)), totalCount }
  }

  learn(row: OrganizationMembership, stamp: Stamp): OrganizationMembership {
    const userId = row.publicUserData?.userId
    if (userId === undefined) return row
    row = { ...row, organization: this.#learnOrganization(row.organization, stamp) }
    const known = this.#rows.get(userId)
    if (known && isEqualJSON(known.row, row)) row = known.row
    if (!known || known.stamp.start <= stamp.start) this.#rows.set(userId, { row, stamp })
    return row
  }

  /** @returns the organization as it stands in rows */
  #learnOrganization(organization: Organization, stamp: Stamp): Organization {
    const { membersCount: _, ...inRows } = organization
    if (!isEqualJSON(this.#organizationInRows, inRows)) this.#organizationInRows = inRows
    if (this.#organizationReadAt <= stamp.start && !isEqualJSON(this.#organization, organization)) {
      this.#organization = organization
    }
    this.#organizationReadAt = Math.max(this.#organizationReadAt, stamp.start)
    return this.#organizationInRows as Organization
  }

  forget(userId: string): void {
    this.#rows.delete(userId)
  }

  clear(): void {
    this.#rows.clear()
    this.#organization = undefined
    this.#organizationInRows = undefined
    this.#organizationReadAt = 0
  }

  find(userId: string): KnownRow | undefined {
    return this.#rows.get(userId)
  }

  /** The organization as the newest answer has it, `membersCount` included. */
  get organization(): Organization | undefined {
    return this.#organization
  }

  /** The same object that known rows hold. */
  get organizationInRows(): Organization | undefined {
    return this.#organizationInRows
  }

  /** Some member that has the role: its row tells what the role is called and allows. */
  findByRole(role: string): OrganizationMembership | undefined {
    for (const { row } of this.#rows.values()) if (row.role === role) return row
    return undefined
  }
}

/** Equality of plain JSON values. An absent key and an undefined value are the same. */
export function isEqualJSON(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const leftKeys = Object.keys(left)
  return (
    leftKeys.length === Object.keys(right).length &&
    leftKeys.every(
      (key) =>
        Object.hasOwn(right, key) && isEqualJSON(Reflect.get(left, key), Reflect.get(right, key)),
    )
  )
}
