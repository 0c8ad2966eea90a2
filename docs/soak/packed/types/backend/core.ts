// A backend's own code: no DOM, no type registered.
import {
  APIError,
  isNotFoundError,
  mergeMetadata,
  type OrganizationMembership,
  OrganizationMembershipsClient,
  type OrganizationRole,
  type RequestOptions,
} from '@org-memberships/core'

// An environment variable may be undefined, also for those who compile with exactOptionalPropertyTypes.
declare const environment: { [name: string]: string | undefined }
const secretKey = environment['CLERK_SECRET_KEY']
const memberships = new OrganizationMembershipsClient({ secretKey, maxRetries: 0 })

export async function promote(organizationId: string, userId: string): Promise<string> {
  const { role } = await memberships.update({ organizationId, userId, role: 'org:admin' })
  return role
}

export async function everyone(organizationId: string, signal?: AbortSignal): Promise<string[]> {
  const ids: string[] = []
  const options: RequestOptions = { signal, timeout: 5_000 }
  for await (const membership of memberships.listAll({ organizationId }, options)) {
    ids.push(membership.publicUserData?.userId ?? membership.id)
  }
  return ids
}

export function explain(error: unknown): string {
  if (isNotFoundError(error)) return error.code ?? 'not found'
  if (error instanceof APIError) return `${error.status} ${error.traceId ?? ''}`
  throw error
}

// Without a registered type a role is any string, and metadata any JSON.
export const custom: OrganizationRole = 'org:custom'
export const title: unknown = ({} as OrganizationMembership).publicMetadata['title']
export const merged: { a?: number; b?: string } = mergeMetadata<{ a?: number; b?: string }>(
  { a: 1 },
  { a: null, b: 'two' },
)
// @ts-expect-error a role is a string
export const wrongRole: OrganizationRole = 1
// @ts-expect-error a change of role names the role
void memberships.update({ organizationId: 'org_1', userId: 'user_1' })
// @ts-expect-error null removes a key below the field, and not the field
void memberships.updateMetadata({ organizationId: 'o', userId: 'u', publicMetadata: null })

// The entry for servers, also for resolvers that know no exports.
import { clerkErrors, readUpdateBody, routes } from '@org-memberships/core/contract'

export const updatePath: string = routes.update.path
export const conflict: 409 = clerkErrors.resourceLocked.status
export const body: { role: string } | undefined = ((reading) =>
  reading.ok ? reading.value : undefined)(readUpdateBody({}))
