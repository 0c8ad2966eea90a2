import type {
  CreateOrganizationMembershipParams,
  DeleteOrganizationMembershipParams,
  OrganizationMembership,
  RequestOptions,
  UpdateOrganizationMembershipMetadataParams,
  UpdateOrganizationMembershipParams,
} from '@org-memberships/core'
import type { MirroredClient } from '../options.js'
import type { MemberId } from '../rows/tables.js'

/** One of the client's writes. */
export interface Write {
  readonly member: MemberId
  send(options: RequestOptions): Promise<OrganizationMembership>
  /** What the row holds after this response. */
  stored(response: OrganizationMembership): OrganizationMembership | null
}

const asReturned = (response: OrganizationMembership) => response

export function createWrite(
  client: MirroredClient,
  params: CreateOrganizationMembershipParams,
): Write {
  return { member: params, send: (options) => client.create(params, options), stored: asReturned }
}

export function updateWrite(
  client: MirroredClient,
  params: UpdateOrganizationMembershipParams,
): Write {
  return { member: params, send: (options) => client.update(params, options), stored: asReturned }
}

export function updateMetadataWrite(
  client: MirroredClient,
  params: UpdateOrganizationMembershipMetadataParams,
): Write {
  return {
    member: params,
    send: (options) => client.updateMetadata(params, options),
    stored: asReturned,
  }
}

export function deleteWrite(
  client: MirroredClient,
  params: DeleteOrganizationMembershipParams,
): Write {
  return { member: params, send: (options) => client.delete(params, options), stored: () => null }
}
