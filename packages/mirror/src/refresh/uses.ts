/** Which organizations this process was asked about, so that only those are checked. */
export class OrganizationUses {
  readonly #checkedAt = new Map<string, number>()
  readonly #used = new Set<string>()
  readonly #checks = new Map<string, Promise<unknown>>()

  constructor(readonly now: () => number = () => performance.now()) {}

  /** Somebody asked about a member of this organization. */
  use(organizationId: string): void {
    this.#used.add(organizationId)
  }

  /** Those that were asked about since their last check, which is `age` ms ago or more. */
  due(age: number): string[] {
    const before = this.now() - age
    return [...this.#used].filter(
      (id) => (this.#checkedAt.get(id) ?? Number.NEGATIVE_INFINITY) <= before,
    )
  }

  /** One check of an organization at a time: who asks meanwhile waits for it. */
  check<Result>(organizationId: string, run: () => Promise<Result>): Promise<Result> {
    const running = this.#checks.get(organizationId) as Promise<Result> | undefined
    if (running !== undefined) return running
    this.#used.delete(organizationId)
    this.#checkedAt.set(organizationId, this.now())
    const check = run().finally(() => this.#checks.delete(organizationId))
    this.#checks.set(organizationId, check)
    return check
  }

  /** Forgets what was checked longer than `age` ms ago. */
  prune(age: number): void {
    const before = this.now() - age
    for (const [id, at] of this.#checkedAt) {
      if (at < before && !this.#used.has(id)) this.#checkedAt.delete(id)
    }
  }
}
