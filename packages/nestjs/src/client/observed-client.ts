import {
  type ClientOptions,
  type CreateOrganizationMembershipParams,
  type DeleteOrganizationMembershipParams,
  type ListMembershipsForInstanceParams,
  type ListMembershipsForUserParams,
  type ListOrganizationMembershipsParams,
  type OrganizationMembership,
  type OrganizationMembershipPage,
  OrganizationMembershipsClient,
  type RequestOptions,
  type RouteName,
  type UpdateOrganizationMembershipMetadataParams,
  type UpdateOrganizationMembershipParams,
} from '@org-memberships/core'
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
 * them when it shuts down, and hear of changes. The methods that are not here are built on these.
 */
export class ObservedClient extends OrganizationMembershipsClient {
  readonly #surround: Surroundings

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

  override list(
    params: ListOrganizationMembershipsParams,
    options?: RequestOptions,
  ): Promise<OrganizationMembershipPage> {
    const { organizationId } = params
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
    const { userId } = params
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

  async #change<T>(
    operation: RouteName,
    { organizationId, userId }: Required<MembershipIds>,
    options: RequestOptions | undefined,
    send: (options: RequestOptions) => Promise<T>,
  ): Promise<T> {
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
    return this.#surround(call, options?.signal, (signal) => send({ ...options, signal }))
  }
}
