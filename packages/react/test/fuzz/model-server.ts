import {
  BadRequestError,
  InternalServerError,
  mergeMetadata,
  NotFoundError,
  type Organization,
  type OrganizationMembership,
  type OrganizationMembershipPage,
  type OrganizationMembershipQuery,
  type PublicMetadata,
  TimeoutError,
  UnprocessableEntityError,
} from '@org-memberships/core'
import type { OrganizationMembershipsAPI } from '../../src/types.js'
import type { Random } from './random.js'

const request = { method: 'PATCH', path: '/' } as const

function failure(code: string, parameter?: string) {
  const meta = parameter === undefined ? {} : { meta: { param_name: parameter } }
  return { errors: [{ code, message: code, long_message: code, ...meta }] }
}

/** A step of the network or the server that a schedule may let happen whenever it likes. */
export interface Step {
  run(): void
}

type Write = () => OrganizationMembership

/**
 * The API's rules over members in memory, behind a network of a schedule's own: every request waits to be carried
 * out, and its answer waits to arrive, until the schedule says so.
 */
export class ModelServer {
  readonly members = new Map<string, OrganizationMembership>()
  readonly steps = new Set<Step>()
  /** Users to whom a write has ended without an answer: what the client shows of them is not known to be right. */
  readonly uncertain = new Set<string>()
  /** Users whom somebody else has changed. */
  readonly foreign = new Set<string>()
  listFailures = 0.05
  /** Who asks: an answer is in the words of the one who did. */
  era = 0
  readonly #random: Random
  #time = 1000

  constructor(random: Random, count: number) {
    this.#random = random
    for (let index = 0; index < count; index += 1) {
      this.#put(`user_${index}`, random.pick(['org:admin', 'org:member']))
    }
  }

  get organization(): Organization {
    const name = `Acme of user ${this.era}`
    return { id: 'org_1', name, publicMetadata: {}, createdAt: 1, updatedAt: 1 }
  }

  /** Another client writes. */
  changeByOther(): void {
    const userId = `user_${this.#random.below(12)}`
    this.foreign.add(userId)
    if (!this.members.has(userId)) this.#put(userId, 'org:member')
    else if (this.#random.chance(0.4)) this.members.delete(userId)
    else this.#change(userId, { role: this.#random.pick(['org:admin', 'org:guest']) })
  }

  /** The list as it is now. */
  list(query: OrganizationMembershipQuery): OrganizationMembershipPage {
    const roles = query.role === undefined ? undefined : [query.role].flat()
    const userIds = query.userId === undefined ? undefined : [query.userId].flat()
    const matches = [...this.members.values()].filter(
      ({ role, publicUserData }) =>
        (roles?.includes(role) ?? true) &&
        (userIds?.includes(publicUserData!.userId) ?? true) &&
        // Names end on the user's number.
        publicUserData!.firstName!.includes(query.query ?? ''),
    )
    const sign = query.orderBy === 'created_at' ? 1 : -1
    if (query.orderBy === 'last_name') {
      matches.sort((left, right) =>
        left.publicUserData!.lastName! < right.publicUserData!.lastName! ? -1 : 1,
      )
    } else matches.sort((left, right) => sign * (left.createdAt - right.createdAt))
    const { limit = 10, offset = 0 } = query
    const data = matches.slice(offset, offset + limit).map((row) => this.#copy(row))
    return { data, totalCount: matches.length }
  }

  readonly api: OrganizationMembershipsAPI = {
    list: (query, options) =>
      this.#exchange(() => this.list(query), options?.signal, this.listFailures),
    create: ({ userId, role, publicMetadata }, options) =>
      this.#write(userId, options?.signal, () => {
        if (this.members.has(userId)) {
          throw new BadRequestError(request, { status: 400, ...failure('already_a_member') })
        }
        return this.#copy(this.#put(userId, role, publicMetadata))
      }),
    update: ({ userId, role }, options) =>
      this.#write(userId, options?.signal, () => this.#change(userId, { role })),
    updateMetadata: ({ userId, publicMetadata = {} }, options) =>
      this.#write(userId, options?.signal, () => {
        const current = this.members.get(userId)?.publicMetadata ?? {}
        const changed = mergeMetadata(current, publicMetadata)
        if (Object.keys(changed).length > 3) {
          const details = failure('form_param_exceeds_allowed_size')
          throw new UnprocessableEntityError(request, { status: 422, ...details })
        }
        return this.#change(userId, { publicMetadata: changed })
      }),
    delete: ({ userId }, options) =>
      this.#write(userId, options?.signal, () => {
        const member = this.#find(userId)
        this.members.delete(userId)
        return this.#copy(member)
      }),
  }

  #find(userId: string): OrganizationMembership {
    const member = this.members.get(userId)
    if (member) return member
    throw new NotFoundError(request, { status: 404, ...failure('resource_not_found') })
  }

  #change(userId: string, change: Partial<OrganizationMembership>): OrganizationMembership {
    const member = this.#find(userId)
    const named = change.role === undefined ? {} : describe(change.role)
    const changed = { ...member, ...change, ...named, updatedAt: (this.#time += 1) }
    this.members.set(userId, changed)
    return this.#copy(changed)
  }

  #put(userId: string, role: string, publicMetadata: PublicMetadata = {}): OrganizationMembership {
    const createdAt = (this.#time += 1)
    const number = userId.replace('user_', '')
    const member: OrganizationMembership = {
      id: `orgmem_${userId}_${createdAt}`,
      role,
      ...describe(role),
      publicMetadata,
      organization: this.organization,
      publicUserData: {
        userId,
        firstName: `First${number}`,
        lastName: `Last${(Number(number) * 7) % 10}-${number}`,
        imageUrl: '',
        hasImage: false,
      },
      createdAt,
      updatedAt: createdAt,
    }
    this.members.set(userId, member)
    return member
  }

  /** Fresh objects, as JSON gives them. */
  #copy(row: OrganizationMembership): OrganizationMembership {
    return { ...row, organization: this.organization }
  }

  #write(userId: string, signal: AbortSignal | undefined, write: Write) {
    return this.#exchange(write, signal, 0.15, () => this.uncertain.add(userId))
  }

  /** Two steps: the server acts, and some time later the answer arrives. Either may go wrong. */
  #exchange<Answer>(
    act: () => Answer,
    signal: AbortSignal | undefined,
    failures: number,
    onLost: () => void = () => {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        onLost()
        reject(signal?.reason)
      }
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      const fate = this.#random.chance(failures) ? this.#random.pick(fates) : 'answered'
      this.#later(() => {
        let answer: Answer
        try {
          if (fate === 'refused') {
            throw new BadRequestError(request, { status: 403, ...failure('forbidden') })
          }
          if (fate === 'crashed') {
            throw new InternalServerError(request, { status: 500, ...failure('internal') })
          }
          answer = act()
        } catch (error) {
          this.#later(() => {
            if (fate === 'crashed') onLost()
            reject(error as Error)
          })
          return
        }
        this.#later(() => {
          if (fate !== 'lost') return resolve(answer)
          onLost()
          reject(new TimeoutError(request, 10))
        })
      })
    })
  }

  #later(run: () => void): void {
    const step: Step = {
      run: () => {
        this.steps.delete(step)
        run()
      },
    }
    this.steps.add(step)
  }
}

const fates = ['refused', 'crashed', 'lost'] as const

function describe(role: string): Pick<OrganizationMembership, 'roleName' | 'permissions'> {
  return { roleName: role.replace('org:', ''), permissions: [`${role}:read`] }
}
