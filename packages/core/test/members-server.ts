import type { OrganizationMembershipJSON } from '../src/contract/index.js'
import { mergeMetadata } from '../src/index.js'
import { membershipJSON, membershipsJSON, userJSON } from './fixtures.js'
import { type Answer, apiError, json } from './scriptable-server.js'

/** The members of one organization, kept as a server keeps them. */
export class Members {
  readonly rows = new Map<string, OrganizationMembershipJSON>()
  /** Creates that were carried out, by user. */
  readonly created = new Map<string, number>()
  contentType = 'application/json'
  #clock = 1_730_160_000_000

  add(userId: string, role: string, metadata: Partial<OrganizationMembershipJSON> = {}): void {
    this.#clock += 1
    this.rows.set(
      userId,
      membershipJSON({
        id: `orgmem_${userId}_${this.#clock}`,
        role,
        public_metadata: metadata.public_metadata ?? {},
        private_metadata: metadata.private_metadata ?? {},
        public_user_data: userJSON({ user_id: userId }),
        created_at: this.#clock,
        updated_at: this.#clock,
      }),
    )
  }

  /** Does what the request asks for, and gives the answer that is to be sent. */
  handle: (request: {
    method: string
    path: string
    query: URLSearchParams
    body: string
  }) => Answer = ({ method, path, query, body }) => {
    const userId = decodeURIComponent(path.split('/')[5] ?? '')
    const row = this.rows.get(userId)
    if (method === 'GET') return this.#answer(this.#list(query))
    const given = body === '' ? {} : JSON.parse(body)
    if (method === 'POST') return this.#create(given)
    if (row === undefined) return apiError(404, 'resource_not_found')
    if (method === 'DELETE') {
      this.rows.delete(userId)
      return this.#answer(row)
    }
    const changed = {
      ...row,
      role: given.role ?? row.role,
      public_metadata: mergeMetadata(row.public_metadata, given.public_metadata ?? {}),
      private_metadata: mergeMetadata(row.private_metadata ?? {}, given.private_metadata ?? {}),
    }
    this.rows.set(userId, changed)
    return this.#answer(changed)
  }

  #create(given: OrganizationMembershipJSON & { user_id: string }): Answer {
    if (this.rows.has(given.user_id)) return apiError(400, 'already_a_member_in_organization')
    this.created.set(given.user_id, (this.created.get(given.user_id) ?? 0) + 1)
    this.add(given.user_id, given.role, given)
    return this.#answer(this.rows.get(given.user_id))
  }

  #answer(body: unknown): Answer {
    return json(body, { headers: { 'Content-Type': this.contentType } })
  }

  #list(query: URLSearchParams): ReturnType<typeof membershipsJSON> {
    const wanted = query.get('user_id')
    const rows = [...this.rows.values()].filter(
      (row) => wanted === null || row.public_user_data?.user_id === wanted,
    )
    const offset = Number(query.get('offset') ?? 0)
    const limit = Number(query.get('limit') ?? 10)
    return membershipsJSON(rows.slice(offset, offset + limit), rows.length)
  }
}
