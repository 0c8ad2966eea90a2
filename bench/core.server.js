// The server of core.bench.js, in a process of its own so that it does not share a thread with what is measured.
// Answers are written ahead of time: what is compared is the clients.
import { createServer } from 'node:http'
import process from 'node:process'

const total = 100_000
const delay = 20

function membershipAt(index) {
  return {
    object: 'organization_membership',
    id: `orgmem_${String(index).padStart(27, '0')}`,
    role: index % 10 === 0 ? 'org:admin' : 'org:member',
    role_name: 'Member',
    permissions: ['org:sys_memberships:read', 'org:sys_billing:read'],
    public_metadata: { title: `Engineer ${index}`, team: { id: index % 20, lead: false } },
    private_metadata: {},
    organization: {
      object: 'organization',
      id: 'org_1',
      name: 'Acme',
      slug: 'acme',
      image_url: 'https://img.example/org_1',
      has_image: false,
      max_allowed_memberships: 0,
      admin_delete_enabled: true,
      public_metadata: {},
      private_metadata: {},
      created_at: 1_730_160_000_000,
      updated_at: 1_730_160_000_000,
    },
    public_user_data: {
      user_id: `user_${String(index).padStart(27, '0')}`,
      first_name: 'Ada',
      last_name: `Lovelace ${index}`,
      profile_image_url: 'https://img.example/user',
      image_url: 'https://img.example/user',
      has_image: false,
      identifier: `ada${index}@example.com`,
      username: null,
      banned: false,
    },
    created_at: 1_730_160_000_000 + index,
    updated_at: 1_730_160_000_000 + index,
  }
}

const rows = Array.from({ length: total }, (_, index) => JSON.stringify(membershipAt(index)))
const pages = new Map()

function pageAt(offset, limit) {
  const key = `${offset} ${limit}`
  let page = pages.get(key)
  if (page === undefined) {
    page = Buffer.from(`{"data":[${rows.slice(offset, offset + limit)}],"total_count":${total}}`)
    // Only the pages of the single calls; those of the whole list would fill the memory.
    if (offset === 0) pages.set(key, page)
  }
  return page
}

const membership = Buffer.from(rows[1])

const server = createServer((request, response) => {
  const answer = (body) => {
    // Without a charset: @clerk/backend would take anything else for text.
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
    response.end(body)
  }
  if (request.method === 'PATCH') {
    request.resume().on('end', () => answer(membership))
    return
  }
  const { pathname, searchParams } = new URL(request.url, 'http://h')
  const page = pageAt(Number(searchParams.get('offset') ?? 0), Number(searchParams.get('limit')))
  if (pathname.includes('/org_slow/')) setTimeout(answer, delay, page)
  else answer(page)
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())
