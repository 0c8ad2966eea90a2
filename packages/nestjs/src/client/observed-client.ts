import {
  type ClientOptions,
  type CountOrganizationMembershipsParams,
  type CreateOrganizationMembershipParams,
  type DeleteOrganizationMembershipParams,
  type GetOrganizationMembershipParams,
  type ListAllMembershipsForUserParams,
  type ListAllOrganizationMembershipsParams,
  type ListMembershipsForInstanceParams,
  type ListMembershipsForUserParams,
  type ListOrganizationMembershipsParams,
  type OrganizationMembership,
  type OrganizationMembershipPage,
  OrganizationMembershipsClient,
  type RequestOptions,
  type UpdateOrganizationMembershipMetadataParams,
  type UpdateOrganizationMembershipParams,
} from '@org-memberships/core'
import type { RouteName } from '@org-memberships/core/contract'
import { announceMembershipChange } from './membership-changes.js'

interface MembershipIds {
  readonly organizationId?: string
  readonly userId?: string
}

/** One call of the client, as what surrounds it sees it. */
export interface ObservedCall extends MembershipIds {
  readonly operation: RouteName
}

/** Surrounds each call: runs it with the signal it gives, and sees how it ends. */
export type Surroundings = <T>(
  call: ObservedCall,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
) => Promise<T>

/**
 * The client as the module provides it. It does what the core client does; besides, the app can follow its calls, end
 * them when it shuts down, and hear of changes.
 */
export class ObservedClient extends OrganizationMembershipsClient {
  readonly #surround: Surroundings
  /** The options of calls that are surrounded already: one method may be built on another. */
  readonly #surrounded = new WeakSet<RequestOptions>()

  constructor(options: ClientOptions, surround: Surroundings) {
    super(options)
    this.#surround = surround
  }

  override create(
    params: CreateOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    return this.#change('create', params, options, (own) => super.create(params, own))
  }

  override get(
    params: GetOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership | null> {
    return this.#run({ operation: 'list', ...params }, options, (own) => super.get(params, own))
  }

  override count(
    params: CountOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<number> {
    const { organizationId } = params ?? {}
    return this.#run({ operation: 'list', organizationId }, options, (own) =>
      super.count(params, own),
    )
  }

  override list(
    params: ListOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    const { organizationId } = params ?? {}
    return this.#run({ operation: 'list', organizationId }, options, (own) =>
      super.list(params, own),
    )
  }

  override update(
    params: UpdateOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    return this.#change('update', params, options, (own) => super.update(params, own))
  }

  override updateMetadata(
    params: UpdateOrganizationMembershipMetadataParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    return this.#change('updateMetadata', params, options, (own) =>
      super.updateMetadata(params, own),
    )
  }

  override delete(
    params: DeleteOrganizationMembershipParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembership> {
    return this.#change('delete', params, options, (own) => super.delete(params, own))
  }

  override listForUser(
    params: ListMembershipsForUserParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    const { userId } = params ?? {}
    return this.#run({ operation: 'listForUser', userId }, options, (own) =>
      super.listForUser(params, own),
    )
  }

  override listForInstance(
    params: ListMembershipsForInstanceParams = {},
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    return this.#run({ operation: 'listForInstance' }, options, (own) =>
      super.listForInstance(params, own),
    )
  }

  override listAll(
    params: ListAllOrganizationMembershipsParams,
    options?: RequestOptions,
  ): AsyncIterable<OrganizationMembership> {
    const { organizationId } = params ?? {}
    return this.#walk({ operation: 'list', organizationId }, options, (own) =>
      super.listAll(params, own),
    )
  }

  override listAllForUser(
    params: ListAllMembershipsForUserParams,
    options?: RequestOptions,
  ): AsyncIterable<OrganizationMembership> {
    const { userId } = params ?? {}
    return this.#walk({ operation: 'listForUser', userId }, options, (own) =>
      super.listAllForUser(params, own),
    )
  }

  async #change<T>(
    operation: RouteName,
    params: Required<MembershipIds>,
    options: RequestOptions | undefined,
    send: (options: RequestOptions) => Promise<T>,
  ): Promise<T> {
    const { organizationId, userId } = params ?? {}
    try {
      return await this.#run({ operation, organizationId, userId }, options, send)
    } finally {
      // Whatever came of it: a change whose answer was lost may have happened.
      await announceMembershipChange(this, organizationId, userId)
    }
  }

  #run<T>(
    call: ObservedCall,
    options: RequestOptions | undefined,
    send: (options: RequestOptions) => Promise<T>,
  ): Promise<T> {
    if (options !== undefined && this.#surrounded.has(options)) return send(options)
    // What cannot be listened to is refused by the core client.
    if (options !== undefined && !isListenable(options.signal)) return send(options)
    return this.#surround(call, options?.signal, (signal) => {
      const own = { ...options, signal }
      this.#surrounded.add(own)
      return send(own)
    })
  }

  /** A walk is one call, from its first row to the last that somebody takes. */
  #walk(
    call: ObservedCall,
    options: RequestOptions | undefined,
    open: (options: RequestOptions) => AsyncIterable<OrganizationMembership>,
  ): AsyncIterable<OrganizationMembership> {
    // Asks for nothing yet, but refuses wrong arguments at once, as the core client does.
    open({ ...options })
    const surround = this.#surround
    return {
      async *[Symbol.asyncIterator]() {
        const walk = new OpenWalk()
        const surrounded = surround(call, options?.signal, (signal) => walk.begin(signal))
        // What fails is told by the walk itself; this only ends along with it.
        surrounded.catch(() => undefined)
        try {
          const signal = await Promise.race([walk.signal, surrounded.then(() => undefined)])
          yield* open({ ...options, ...(signal && { signal }) })
          walk.end()
        } catch (error) {
          walk.end(error)
          throw error
        } finally {
          // Also when the loop is left early.
          walk.end()
        }
      },
    }
  }
}

function isListenable(signal: AbortSignal | undefined): boolean {
  return signal === undefined || typeof signal?.addEventListener === 'function'
}

/** Lets something that runs for as long as a loop does look like one call. */
class OpenWalk {
  readonly signal: Promise<AbortSignal>
  #give: (signal: AbortSignal) => void = () => {}
  #settle: (error?: unknown) => void = () => {}

  constructor() {
    this.signal = new Promise((resolve) => {
      this.#give = resolve
    })
  }

  begin(signal: AbortSignal): Promise<void> {
    this.#give(signal)
    return new Promise((resolve, reject) => {
      this.#settle = (error) => (error === undefined ? resolve() : reject(error))
    })
  }

  end(error?: unknown): void {
    this.#settle(error)
  }
}
