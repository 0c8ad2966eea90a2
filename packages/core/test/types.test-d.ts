// Without any registration: what a newcomer gets.
import {
  isAPIError,
  isInvalidArgumentError,
  isNotFoundError,
  isRateLimitError,
  isTimeoutError,
  type MetadataPatch,
  type OrganizationMembership,
  OrganizationMembershipsClient,
  type OrganizationRole,
} from '../src/index.js'
import type { RouteBody, RouteParameters } from '../src/contract/index.js'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function expectType<T extends true>(): T
declare const client: OrganizationMembershipsClient
declare const membership: OrganizationMembership
const ids = { organizationId: 'org_1', userId: 'user_1' }

// Roles are suggested and open; metadata is any object.
export const anyRole: OrganizationRole = 'org:whatever'
expectType<Equal<typeof membership.publicMetadata, { [key: string]: unknown }>>()
expectType<Equal<typeof membership.privateMetadata, { [key: string]: unknown } | undefined>>()
void client.create({ ...ids, role: 'org:billing', publicMetadata: { anything: [1] } })
// @ts-expect-error a role is required
void client.create(ids)
// @ts-expect-error metadata is an object
void client.create({ ...ids, role: 'org:member', publicMetadata: 'text' })
// @ts-expect-error null is allowed below the field, not at it
void client.updateMetadata({ ...ids, publicMetadata: null })
void client.updateMetadata({ ...ids, publicMetadata: { gone: null, deep: { gone: null } } })

// Filters and order.
void client.list({ organizationId: 'org_1', orderBy: '-created_at', role: ['org:admin'] as const })
void client.list({ organizationId: 'org_1', orderBy: 'username', userId: '-user_1', limit: 5 })
// @ts-expect-error the API cannot order by id
void client.list({ organizationId: 'org_1', orderBy: 'id' })
// @ts-expect-error only one sign
void client.list({ organizationId: 'org_1', orderBy: '+-created_at' })
// @ts-expect-error a limit is a number
void client.list({ organizationId: 'org_1', limit: '5' })
// @ts-expect-error names are camelCase
void client.list({ organizationId: 'org_1', user_id: 'user_1' })
// @ts-expect-error the organization is required
void client.list({ role: 'org:admin' })
// @ts-expect-error a count has no pages
void client.count({ organizationId: 'org_1', limit: 5 })
// @ts-expect-error this route has no filters
void client.listForUser({ userId: 'user_1', role: 'org:admin' })

// Results.
expectType<Equal<Awaited<ReturnType<typeof client.get>>, OrganizationMembership | null>>()
expectType<Equal<Awaited<ReturnType<typeof client.count>>, number>>()
expectType<Equal<Awaited<ReturnType<typeof client.delete>>, OrganizationMembership>>()

// Options.
void client.list(
  { organizationId: 'org_1' },
  { signal: undefined, timeout: 5, headers: { a: null } },
)
// @ts-expect-error a header value is a string or null
void client.list({ organizationId: 'org_1' }, { headers: { a: 5 } })
// @ts-expect-error the key is a string
export const wrongKey = new OrganizationMembershipsClient({ secretKey: 5 })

// Guards narrow.
export function whatItSays(error: unknown): string {
  if (isRateLimitError(error)) return `${error.status} ${error.retryAfter?.toFixed()} ${error.code}`
  if (isNotFoundError(error)) return error.errors[0]?.long_message ?? error.name
  if (isAPIError(error)) return error.traceId ?? error.request.path
  if (isTimeoutError(error)) return error.timeout.toFixed()
  if (isInvalidArgumentError(error)) return error.parameter
  // @ts-expect-error nothing is known of any other error
  return error.message
}

// Patches.
interface Profile {
  title: string
  team?: { id: string; lead: boolean; tags: string[] }
  since: number | null
}
type Patch = MetadataPatch<Profile>
export const patches: Patch[] = [
  {},
  { title: null },
  { team: null },
  { team: { lead: null } },
  { team: { tags: ['whole'] } },
  { since: 5, title: 'x' },
]
// @ts-expect-error a value keeps its type
export const wrongValue: Patch = { title: 5 }
// @ts-expect-error below too
export const wrongBelow: Patch = { team: { lead: 'yes' } }
// @ts-expect-error an array is replaced whole, so its items are no patches
export const wrongItem: Patch = { team: { tags: [null] } }
// @ts-expect-error the field itself is no patch of null
export const wrongField: Patch = null

// Routes.
expectType<Equal<RouteParameters<'update'>, { organization_id: string; user_id: string }>>()
expectType<Equal<RouteBody<'list'>, undefined>>()
export const bodyOfUpdate: RouteBody<'update'> = { role: 'org:admin' }
