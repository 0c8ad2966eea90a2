import type { ClerkErrorJSON, OrganizationMembershipJSON } from '@org-memberships/core/contract'
import type { Emulator } from '../src/index.js'

export interface Called {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed answer, as one of the shapes that the tests look at. */
  readonly json: OrganizationMembershipJSON & {
    readonly data: OrganizationMembershipJSON[]
    readonly total_count: number
    readonly errors: ClerkErrorJSON[]
    readonly clerk_trace_id: string
  }
}

export interface CallInit {
  readonly body?: unknown
  readonly headers?: { readonly [name: string]: string }
  readonly signal?: AbortSignal
}

/** One request over HTTP, with the key and the newest version; a text body is sent as it is. */
export async function call(
  emulator: Emulator,
  method: string,
  path: string,
  { body, headers, signal }: CallInit = {},
): Promise<Called> {
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${emulator.secretKey}`,
      'Clerk-API-Version': '2026-05-12',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  const text = await response.text()
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return { status: response.status, headers: response.headers, text, json: json as Called['json'] }
}

/** The user ids of a list answer, in its order. */
export function userIds({ json }: Called): (string | undefined)[] {
  return json.data.map((row) => row.public_user_data?.user_id)
}
