import { Logger } from '@nestjs/common'
import type { OrganizationMembership } from '@org-memberships/core'
import { untilAborted } from '../abort/until-aborted.js'
import { unauthorized } from '../errors/refusal.js'
import type {
  CurrentMembershipQuestion,
  MembershipAccess,
  MembershipCall,
} from './membership-access.js'
import { type Granted, MembershipGrant } from './membership-grant.js'

/**
 * Asks a policy as the mounted routes do, for a route of your own: whatever `authorize` returns that is no grant
 * refuses.
 *
 * @returns the caller's membership in the organization of the call, or the policy's grant
 * @throws HttpException 403 unless the policy grants the call, or what the policy throws
 */
export async function requireAccess(
  access: MembershipAccess,
  call: MembershipCall,
): Promise<Granted> {
  const returned: unknown = await untilAborted(access.authorize(call), call.signal)
  if (MembershipGrant.is(returned)) return returned
  if (isMembership(returned) && returned.organization.id === call.organizationId) return returned
  reportReturned(access, 'authorize', returned)
  throw unauthorized('You are not authorized to perform this request')
}

/** @throws HttpException 403 unless the policy returns a membership, in the organization that is asked for if one is */
export async function requireCurrentMembership(
  access: MembershipAccess,
  question: CurrentMembershipQuestion,
): Promise<OrganizationMembership> {
  const { organizationId } = question
  const returned: unknown = await access.currentMembership(question)
  if (
    isMembership(returned) &&
    (organizationId === undefined || returned.organization.id === organizationId)
  ) {
    return returned
  }
  reportReturned(access, 'currentMembership', returned)
  throw unauthorized('You are not a member of this organization, or there is no such organization.')
}

function isMembership(value: unknown): value is OrganizationMembership {
  if (typeof value !== 'object' || value === null) return false
  const { id, role, permissions, organization } = value as Partial<OrganizationMembership>
  return (
    typeof id === 'string' &&
    typeof role === 'string' &&
    Array.isArray(permissions) &&
    typeof organization?.id === 'string'
  )
}

type PolicyMethod = 'authorize' | 'currentMembership'

const logger = new Logger('OrganizationMemberships')
const reported = { authorize: new WeakSet<object>(), currentMembership: new WeakSet<object>() }
const mayReturn = {
  authorize:
    "the caller's membership in the organization of the call, or grantWithoutMembership() for a caller without one",
  currentMembership: "the caller's membership in the organization that is asked for",
}

/** One line for each policy: what it returns is a mistake in code, and comes with each request. */
function reportReturned(access: MembershipAccess, method: PolicyMethod, returned: unknown): void {
  const policy = access.constructor
  const what = `${policy.name}.${method} returned ${describe(returned)}`
  // The one value that code returns on purpose to say no; a client's get does.
  if (returned === null) logger.debug(`${what}, and the call was refused.`)
  if (returned === null || reported[method].has(policy)) return
  reported[method].add(policy)
  logger.error(
    `${what}, which refuses the call. Return ${mayReturn[method]}; throw a ForbiddenException to refuse.`,
  )
}

function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'an array'
  if (value instanceof Error) return 'an error'
  if (isMembership(value)) return 'a membership of another organization'
  return typeof value === 'object' ? 'an object that is no membership' : `a ${typeof value}`
}
