import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { createEmulator } from '@org-memberships/emulator'
import { expect, it, onTestFinished, vi } from 'vitest'
import { acme } from './support/app.js'
import { postgresConnection, postgresPool } from './support/postgres.js'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFile(new URL(path, root), 'utf8')

it('shows its samples as they are run', async () => {
  const readme = await read('README.md')
  const shown = [...readme.matchAll(/^<!-- (\S+) -->\n\n```\w+\n([^]*?)^```$/gm)]
  const samples = shown.map(([, path = '', code = '']) => ({ path, code }))
  expect(samples).toHaveLength(4)
  const files = await Promise.all(
    samples.map(async ({ path }) => ({ path, code: await read(path) })),
  )
  expect(samples).toEqual(files)
})

it('names every option', async () => {
  const readme = await read('README.md')
  const options = (await read('src/options.ts')).split('export interface MirrorContext')[0]!
  const names = [...options.matchAll(/^ {2}(\w+)\??: /gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(10)
  const cells = new Set([...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name))
  expect(names.filter((name) => !cells.has(name))).toEqual([])
})

it('runs its samples: webhooks over HTTP, checks, rules, changes and joins', async () => {
  const { host, port, user, database: name } = await postgresConnection()
  vi.stubEnv('PGHOST', String(host))
  vi.stubEnv('PGPORT', String(port))
  vi.stubEnv('PGUSER', String(user))
  if (name !== undefined) vi.stubEnv('PGDATABASE', String(name))
  vi.stubEnv('CLERK_SECRET_KEY', 'sk_test_local')
  onTestFinished(() => void vi.unstubAllEnvs())
  const sample = await import('./recipes/memberships.js')
  const { removeMember } = await import('./recipes/last-admin.js')
  const { follow } = await import('./recipes/follow.js')
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = Object.entries(request.headers).map(([key, value]) => [key, String(value)])
    const init = {
      method: 'POST',
      headers: headers as [string, string][],
      body: Buffer.concat(chunks),
    }
    const answer = await sample
      .POST(new Request('http://localhost/webhooks', init))
      .catch((error: unknown) => new Response(String(error), { status: 500 }))
    response.writeHead(answer.status).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address() as { port: number }
  const emulator = await createEmulator({
    seed: acme,
    secretKey: 'sk_test_local',
    webhooks: { url: `http://127.0.0.1:${address.port}/webhooks` },
  })
  onTestFinished(() => emulator.close())
  vi.stubEnv('CLERK_WEBHOOK_SIGNING_SECRET', emulator.webhooks!.secret)
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
    fetch(String(input).replace('https://api.clerk.com/v1', emulator.url), init),
  )
  onTestFinished(() => void vi.unstubAllGlobals())

  await sample.start()
  onTestFinished(() => sample.memberships.stop())
  await vi.waitUntil(() => sample.isAdmin('org_acme', 'user_ada'), { timeout: 20_000 })
  const lines: string[] = []
  void follow(0, async (line) => void lines.push(line)).catch(() => {})
  await emulator.fetch(`${emulator.url}/organizations/org_acme/memberships/user_bob`, {
    method: 'PATCH',
    headers: { Authorization: 'Bearer sk_test_local', 'Content-Type': 'application/json' },
    body: JSON.stringify({ role: 'org:admin' }),
  })
  await vi.waitUntil(() => sample.isAdmin('org_acme', 'user_bob'), { timeout: 20_000 })
  await removeMember('org_acme', 'user_ada', 'user_bob')
  await expect(removeMember('org_acme', 'user_bob', 'user_bob')).rejects.toThrow('needs an admin')
  await vi.waitUntil(() => lines.some((line) => line.startsWith('deleted user_ada')), {
    timeout: 20_000,
  })
  expect(lines).toContain('updated user_bob in org_acme: org:member → org:admin')

  const pool = await postgresPool()
  await pool.query('create table documents (organization_id text, title text)')
  onTestFinished(() => void pool.query('drop table documents'))
  await pool.query(`insert into documents values ('org_acme', 'Plan'), ('org_else', 'Notes')`)
  const [join = '', roles = '', joined = ''] = (await read('test/recipes/queries.sql')).split(';')
  expect((await pool.query(join.replace('user_ada', 'user_bob'))).rows).toHaveLength(2)
  expect((await pool.query(join)).rows).toEqual([])
  expect((await pool.query(roles)).rows).toContainEqual({
    organization_id: 'org_acme',
    role: 'org:admin',
    count: '1',
  })
  const { rows } = await pool.query<{ joined: Date }>(joined)
  expect(rows.every((row) => row.joined instanceof Date)).toBe(true)
})
