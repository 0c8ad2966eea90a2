import { Logger } from '@nestjs/common'
import { type OrganizationMembership, OrganizationMembershipsClient } from '@org-memberships/core'
import { vi } from 'vitest'
import { MembershipReader } from '../../src/access/membership-reader.js'
import { membershipsJSON } from './memberships-json.js'
import { randomOf } from './random.js'

// What the stores do wrong is logged.
Logger.overrideLogger(false)

const organizationId = 'org_1'
const userId = 'user_1'
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * Four processes with one store, one API and one user. Nothing ends by itself: each request and each use of the store
 * ends when the schedule says so, in any order, late, never, or with an error. Time is the schedule's as well.
 */
class RevocationSchedule {
  readonly #random: ReturnType<typeof randomOf>
  readonly #readers: MembershipReader[]
  readonly #values = new Map<string, unknown>()
  #underWay: (() => void)[] = []
  /** What the API says: `null` after a removal. The number grows with each change. */
  #truth: { version: number; isMember: boolean } = { version: 0, isMember: true }
  /** Removals up to this version were invalidated, and that has resolved. */
  #revoked = -1
  readonly wrong: string[] = []
  grants = 0
  revocations = 0

  constructor(seed: number) {
    this.#random = randomOf(seed)
    const store = {
      get: (key: string) => this.#later(() => this.#values.get(key), { says: undefined }),
      set: (key: string, value: unknown) => {
        const keep = () => void this.#values.set(key, structuredClone(value))
        // It says that it failed, hides it, or answers before it has kept the value.
        const dice = this.#random.below(20)
        if (dice === 0) return this.#later(() => this.#underWay.push(keep))
        return this.#later<unknown>(keep, { says: dice < 10 ? false : undefined })
      },
    }
    this.#readers = Array.from(
      { length: 4 },
      () =>
        new MembershipReader(
          new OrganizationMembershipsClient({
            baseURL: 'http://127.0.0.1:9',
            secretKey: 'sk_test_model',
            maxRetries: 0,
            fetch: () => this.#answer(),
          }),
          { store, maxMissesPerMinute: 1_000_000 },
        ),
    )
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.#act()
      await turn()
    }
    // Nothing is left hanging, so that no schedule reaches into the next.
    await vi.advanceTimersByTimeAsync(60_000)
  }

  #act(): void {
    const dice = this.#random.below(100)
    if (dice < 30) this.#ask()
    else if (dice < 38) this.#remove()
    else if (dice < 43) this.#truth = { version: this.#truth.version + 1, isMember: true }
    else if (dice < 48) vi.advanceTimersByTime(this.#random.below(2) === 0 ? 300 : 7_000)
    else this.#underWay.splice(this.#random.below(this.#underWay.length), 1)[0]?.()
  }

  #ask(): void {
    const revoked = this.#revoked
    this.#reader()
      .get(organizationId, userId)
      .then(
        (membership) => this.#granted(membership, revoked),
        // The store and the API may both be away.
        () => undefined,
      )
  }

  #remove(): void {
    this.#truth = { version: this.#truth.version + 1, isMember: false }
    const { version } = this.#truth
    this.#reader()
      .invalidate(organizationId, userId)
      .then(
        () => this.#confirmed(version),
        () => undefined,
      )
  }

  #granted(membership: OrganizationMembership | null, revoked: number): void {
    if (membership === null) return
    this.grants++
    const { version } = membership.publicMetadata as { version: number }
    if (version <= revoked) this.wrong.push(`version ${version} after revocation ${revoked}`)
  }

  #confirmed(version: number): void {
    this.revocations++
    this.#revoked = Math.max(this.#revoked, version)
  }

  #reader(): MembershipReader {
    return this.#readers[this.#random.below(this.#readers.length)]!
  }

  /** The API answers from what is true at one moment, and the answer arrives at another. */
  #answer(): Promise<Response> {
    return this.#later(() => this.#truth).then(({ version, isMember }) =>
      this.#later(() => Response.json(membershipsJSON(isMember ? [{ version }] : []))),
    )
  }

  /** @param failed what it says where it fails and throws nothing, as a Keyv does */
  #later<T>(act: () => T, failed?: { says: T }): Promise<T> {
    return new Promise((resolve, reject) => {
      const dice = this.#random.below(100)
      if (dice < 3) return
      this.#underWay.push(() => {
        if (dice < 8) reject(new Error('made to fail'))
        else if (dice < 11 && failed !== undefined) resolve(failed.says)
        else resolve(act())
      })
    })
  }
}

/** Runs so many schedules, one seed after the other, up to the first that goes wrong. `SEED` in the environment runs that one. */
export async function runRevocations(
  count: number,
): Promise<{ wrong: { seed: number; what: string[] }[]; grants: number; revocations: number }> {
  const given = process.env.SEED
  const first = given === undefined ? Math.floor(Math.random() * 1_000_000) : Number(given)
  const last = first + (given === undefined ? count : 1)
  const result: Awaited<ReturnType<typeof runRevocations>> = {
    wrong: [],
    grants: 0,
    revocations: 0,
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  try {
    for (let seed = first; seed < last && result.wrong.length === 0; seed++) {
      const schedule = new RevocationSchedule(seed)
      await schedule.run(60)
      if (schedule.wrong.length > 0) result.wrong.push({ seed, what: schedule.wrong })
      result.grants += schedule.grants
      result.revocations += schedule.revocations
    }
  } finally {
    vi.useRealTimers()
  }
  return result
}
