import { Agent, request } from 'node:http'
import type { OrganizationMembershipsJSON } from '@org-memberships/core/contract'
import { createEmulator, type Emulator } from '../../src/index.js'
import { acme } from '../acme.js'
import { call } from '../call.js'
import { type HostileRequest, hostileRequest } from './hostile-request.js'
import { Random } from './random.js'

export interface FuzzResult {
  /** What no server may answer, each with the request that brought it about. */
  readonly complaints: readonly string[]
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>
}

const atOnce = 32

/** Sends hostile requests, many at once, and looks at every answer and, at the end, at what is stored. */
export async function fuzz(seed: number, count: number): Promise<FuzzResult> {
  await using emulator = await createEmulator({ seed: acme })
  const random = new Random(seed)
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const complaints: string[] = []
  const statuses = new Map<number, number>()
  let sent = 0
  const sender = async () => {
    while (sent < count) {
      sent += 1
      const hostile = hostileRequest(random, emulator.secretKey)
      const answer = await send(emulator, agent, hostile)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      const complaint = complaintAbout(answer, hostile.method)
      if (complaint !== undefined) complaints.push(`${complaint}: ${describe(hostile)}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, sender))
    complaints.push(...(await stateComplaints(emulator)))
  } finally {
    agent.destroy()
  }
  return { complaints, statuses }
}

interface RawAnswer {
  readonly status: number
  readonly type: string | undefined
  readonly text: string
}

function send(
  emulator: Emulator,
  agent: Agent,
  { method, path, headers, body }: HostileRequest,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(emulator.origin)
  // Node's client leaves the length out where a method seldom has a body.
  const all = { ...headers, ...(body && { 'Content-Length': body.byteLength }) }
  return new Promise((resolve, reject) => {
    const to = { hostname, port, method, path, headers: all, agent }
    const outgoing = request(to, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          type: incoming.headers['content-type'],
          text: Buffer.concat(chunks).toString(),
        })
      })
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function complaintAbout({ status, type, text }: RawAnswer, method: string): string | undefined {
  if (status !== 200 && (status < 400 || status > 499)) return `answered ${status}`
  if (type !== 'application/json') return `answered the type ${type}`
  // Node sends no body with these.
  if (method === 'HEAD') return undefined
  let json: { errors?: { code?: unknown; message?: unknown; long_message?: unknown }[] }
  try {
    json = JSON.parse(text) as typeof json
  } catch {
    return 'answered no JSON'
  }
  if (status === 200) return json.errors === undefined ? undefined : 'answered errors with 200'
  const first = json.errors?.[0]
  const isWhole = [first?.code, first?.message, first?.long_message].every(
    (part) => typeof part === 'string' && part !== '',
  )
  return isWhole ? undefined : 'answered no envelope'
}

/** What must hold of the rows, whatever was sent. */
async function stateComplaints(emulator: Emulator): Promise<string[]> {
  const path = '/organizations/org_acme/memberships?limit=500'
  const { json, status } = await call(emulator, 'GET', path)
  if (status !== 200) return [`the list answers ${status} in the end`]
  const { data, total_count: total }: OrganizationMembershipsJSON = json
  const complaints: string[] = []
  const users = new Set(data.map((row) => row.public_user_data?.user_id))
  if (users.size !== data.length || total !== data.length) complaints.push('a user is there twice')
  for (const row of data) {
    if (row.organization.members_count !== total) complaints.push('members_count is off')
    for (const metadata of [row.public_metadata, row.private_metadata]) {
      if (Buffer.byteLength(JSON.stringify(metadata)) > 8192) complaints.push('metadata too large')
      if (holdsNull(metadata)) complaints.push('metadata holds null outside an array')
    }
  }
  return complaints
}

function holdsNull(value: unknown): boolean {
  if (value === null) return true
  if (typeof value !== 'object' || Array.isArray(value)) return false
  return Object.values(value).some(holdsNull)
}

function describe({ method, path, headers, body }: HostileRequest): string {
  const shown = { ...headers, Authorization: '…' }
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(shown)} ${body?.toString('latin1').slice(0, 300) ?? ''}`
}
