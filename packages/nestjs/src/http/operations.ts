import {
  type OrganizationMembershipsClient,
  type PublicMetadata,
  type RequestOptions,
  withoutPrivateMetadata,
} from '@org-memberships/core'
import {
  type MetadataJSON,
  type OrganizationMembershipJSON,
  type RouteAnswer,
  routes,
  toOrganizationMembershipJSON,
} from '@org-memberships/core/contract'
import { checkedChange } from '../access/checked-change.js'
import type {
  MembershipAccess,
  MembershipCall,
  MountedOperation,
} from '../access/membership-access.js'
import { callerOfCall, type ReceivedCall } from './membership-call.js'
import {
  type ListRules,
  readCreate,
  readQuery,
  readUpdate,
  readUpdateMetadata,
} from './request-reading.js'

/** Shapes a membership on its way out. Private metadata is gone before it and is removed once more after it. */
export type MembershipSerializer = (
  membership: OrganizationMembershipJSON,
  call: MembershipCall,
) => OrganizationMembershipJSON | Promise<OrganizationMembershipJSON>

/** What the handlers of one mount work with. */
export interface Mount {
  readonly client: OrganizationMembershipsClient
  readonly access: MembershipAccess
  readonly list: ListRules
  readonly serialize: MembershipSerializer | undefined
}

type Handlers = {
  readonly [Operation in MountedOperation]: (
    mount: Mount,
    received: ReceivedCall,
  ) => Promise<RouteAnswer<Operation>>
}

/**
 * A little before the deadline of the whole request, so that it is upstream's own error that is passed on. A change has
 * no signal: once sent, it goes on without its caller.
 */
const limits: RequestOptions = { totalTimeout: 7_500 }

/** In the order of the routes table. */
export const mountedOperations = (Object.keys(routes) as (keyof typeof routes)[]).filter(
  (name): name is MountedOperation => name !== 'listForInstance' && name !== 'listForUser',
)

/** One for each route: read the request, send it on, shape the answer. Access has been granted before. */
export const handlers: Handlers = {
  async create(mount, { call, body }) {
    const { user_id: userId, role, public_metadata: metadata } = readCreate(body)
    return change(mount, call, () =>
      mount.client.create(
        {
          organizationId: call.organizationId,
          userId,
          role,
          ...(metadata && { publicMetadata: asPublicMetadata(metadata) }),
        },
        limits,
      ),
    )
  },

  async list(mount, { call }) {
    const page = await mount.client.list(
      { organizationId: call.organizationId, ...readQuery(call.request, mount.list) },
      { ...limits, signal: call.signal },
    )
    return {
      data: await Promise.all(
        page.data.map((membership) =>
          visible(mount, call, toOrganizationMembershipJSON(withoutPrivateMetadata(membership))),
        ),
      ),
      total_count: page.totalCount,
    }
  },

  async update(mount, { call, body }) {
    const { role } = readUpdate(body)
    return change(mount, call, () => mount.client.update({ ...idsOf(call), role }, limits))
  },

  async updateMetadata(mount, { call, body }) {
    const { public_metadata: metadata } = readUpdateMetadata(body)
    return change(mount, call, () =>
      mount.client.updateMetadata(
        { ...idsOf(call), ...(metadata && { publicMetadata: asPublicMetadata(metadata) }) },
        limits,
      ),
    )
  },

  async delete(mount, { call }) {
    return change(mount, call, () => mount.client.delete(idsOf(call), limits))
  },
}

async function change(
  mount: Mount,
  call: MembershipCall,
  send: () => ReturnType<OrganizationMembershipsClient['create']>,
): Promise<OrganizationMembershipJSON> {
  const { client, access } = mount
  const membership = await checkedChange({ client, access, caller: callerOfCall(call) }, call, send)
  return visible(mount, call, toOrganizationMembershipJSON(withoutPrivateMetadata(membership)))
}

async function visible(
  { serialize }: Mount,
  call: MembershipCall,
  membership: OrganizationMembershipJSON,
): Promise<OrganizationMembershipJSON> {
  if (serialize === undefined) return membership
  return withoutPrivateMetadataJSON(await serialize(membership, call))
}

/** What core's `withoutPrivateMetadata` does, in the wire's form: `serialize` may have put it back. */
function withoutPrivateMetadataJSON(
  membership: OrganizationMembershipJSON,
): OrganizationMembershipJSON {
  const { private_metadata: _own, organization, ...row } = membership
  const { private_metadata: _organizations, ...visibleOrganization } = organization
  return { ...row, organization: visibleOrganization }
}

function idsOf({ organizationId, userId }: MembershipCall): {
  organizationId: string
  userId: string
} {
  return { organizationId, userId: userId ?? '' }
}

// The user's own declared type of metadata; what a browser sent is not checked against it.
function asPublicMetadata(metadata: MetadataJSON): PublicMetadata {
  return metadata
}
