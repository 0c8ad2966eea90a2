import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { secretKey } from '../test/fixtures.js'
import { Members } from '../test/members-server.js'
import { apiError, reset, ScriptableServer, stall } from '../test/scriptable-server.js'

let server: ScriptableServer
beforeAll(async () => {
  server = await ScriptableServer.start()
})
afterAll(() => server.close())

/** What a module prints as JSON under Bun, which npm has. */
async function underBun(code: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    'npx',
    ['--yes', '-p', 'bun@1.3.2', '--', 'bun', '--eval', code],
    {
      cwd: fileURLToPath(new URL('../', import.meta.url)),
      env: { ...process.env, BASE_URL: server.baseURL, CLERK_SECRET_KEY: secretKey },
    },
  )
  return JSON.parse(stdout) as unknown
}

it('runs every operation, retries, lost answers, timeouts, aborts and listAll on Bun', async () => {
  const members = new Members()
  members.add('user_1', 'org:member')
  server.otherwise((response, request) => members.handle(request)(response, request))
  server.script(apiError(429, 'too_many_requests'), reset)
  const result = await underBun(`
    import { isNotFoundError, OrganizationMembershipsClient } from './dist/index.js'
    const client = new OrganizationMembershipsClient({ baseURL: process.env.BASE_URL, maxRetryDelay: 1 })
    const ids = { organizationId: 'org_1', userId: 'user_2' }
    const created = await client.create({ ...ids, role: 'org:member' })
    await client.update({ ...ids, role: 'org:admin' })
    const changed = await client.updateMetadata({ ...ids, publicMetadata: { at: new Date(0) } })
    const all = []
    for await (const row of client.listAll({ organizationId: 'org_1' })) all.push(row.role)
    await client.delete(ids)
    const gone = await client.delete(ids).catch((error) => isNotFoundError(error))
    const controller = new AbortController()
    const aborted = client.list({ organizationId: 'org_1' }, { signal: controller.signal }).catch((reason) => reason)
    controller.abort('left')
    const nobody = new OrganizationMembershipsClient({ baseURL: 'http://127.0.0.1:1', maxRetries: 0 })
    const { name, sent } = await nobody.count({ organizationId: 'org_1' }).catch((error) => error)
    console.log(JSON.stringify([created.role, changed.publicMetadata, all, gone, await aborted, name, sent]))
  `)
  expect(result).toEqual([
    'org:member',
    { at: '1970-01-01T00:00:00.000Z' },
    ['org:member', 'org:admin'],
    true,
    'left',
    'ConnectionError',
    false,
  ])

  server.otherwise(stall)
  const late = await underBun(`
    import { OrganizationMembershipsClient } from './dist/index.js'
    const client = new OrganizationMembershipsClient({ baseURL: process.env.BASE_URL, timeout: 50, maxRetries: 0 })
    const { name } = await client.count({ organizationId: 'org_1' }).catch((error) => error)
    console.log(JSON.stringify(name))
  `)
  expect(late).toBe('TimeoutError')
})
