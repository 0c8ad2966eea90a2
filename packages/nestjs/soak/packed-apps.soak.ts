import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// Apps of somebody else's, outside of this workspace, with the packages as they would be published: a CommonJS app on
// Nest 11 with Jest, and an ESM app on Nest 12 with Fastify and @nestjs/swagger.

const root = fileURLToPath(new URL('../../../', import.meta.url))
const seed = {
  users: [{ id: 'user_ada' }, { id: 'user_bob' }, { id: 'user_eve' }],
  organizations: [
    {
      id: 'org_acme',
      memberships: [
        { user_id: 'user_ada', role: 'org:admin', private_metadata: { note: 'planted' } },
        { user_id: 'user_bob', role: 'org:member' },
      ],
    },
  ],
}

let folder: string
let tarballs: { [name: string]: string }
let emulator: Emulator

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nest-apps-'))
  emulator = await createEmulator({ seed })
  await Promise.all(
    ['core', 'emulator', 'nestjs'].map((name) =>
      run(pnpm('pack', '--pack-destination', folder), join(root, 'packages', name)),
    ),
  )
  tarballs = Object.fromEntries(
    (await readdir(folder))
      .filter((file) => file.endsWith('.tgz'))
      .map((file) => [
        `@org-memberships/${/org-memberships-([a-z]+)-/.exec(file)?.[1]}`,
        `file:${join(folder, file)}`,
      ]),
  )
})

afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a CommonJS app on Nest 11', () => {
  let app: string
  beforeAll(async () => {
    app = await install('nest11')
  })

  it('builds with tsc, starts and answers', async () => {
    await run(['npm', 'run', 'build'], app)
    await serve(app, async (url) => {
      expect(await get(`${url}/team/org_acme/size`)).toEqual({ status: 200, json: { size: 2 } })
      expect(await list(url, 'user_bob')).toMatchObject({ status: 200, json: { total_count: 2 } })
      expect((await get(`${url}/v1/organizations/org_acme/memberships`)).status).toBe(401)
    })
  })

  it("answers alike where OpenTelemetry's Nest instrumentation wraps every handler", async () => {
    await run(['npm', 'run', 'build'], app)
    const plain: Answers = {}
    await serve(app, async (url) => void Object.assign(plain, await askEverything(url)))
    const traced: Answers = {}
    await serve(app, async (url) => void Object.assign(traced, await askEverything(url)), [
      '--require',
      './dist/tracing.js',
    ])
    const handlersOf = (answers: Answers) =>
      new Set(Object.values(answers).flatMap(({ handler }) => handler ?? []))
    expect(handlersOf(plain)).toEqual(new Set(['declared']))
    expect(handlersOf(traced)).toEqual(new Set(['wrapped']))
    const outcomes = (answers: Answers) =>
      Object.fromEntries(
        Object.entries(answers).map(([what, { status, text }]) => [what, [status, text]]),
      )
    expect(outcomes(traced)).toEqual(outcomes(plain))
    expect(Object.entries(traced).map(([what, { status }]) => `${what}: ${status}`)).toEqual([
      'nobody lists: 401',
      'a stranger lists: 403',
      'a member lists: 200',
      'a member changes: 403',
      'an admin changes: 200',
      'nobody audits: 401',
      'a member audits: 403',
      'an admin audits: 200',
    ])
  })

  it('tests with Jest, by the documented setting', async () => {
    const output = await run(['npm', 'test', '--', '--ci'], app)
    expect(output).toMatch(/Tests: +3 passed, 3 total/)
  })
})

describe('an ESM app on Nest 12', () => {
  let app: string
  beforeAll(async () => {
    app = await install('nest12')
  })

  it('builds with tsc, starts and answers, and documents the routes', async () => {
    await run(['npm', 'run', 'build'], app)
    await serve(app, async (url) => {
      const answer = await list(`${url}/api`, 'user_ada')
      expect(answer).toMatchObject({ status: 200, json: { total_count: 2 } })
      expect(JSON.stringify(answer.json)).not.toContain('planted')
      const token = await emulator.createSessionToken({
        userId: 'user_ada',
        organizationId: 'org_acme',
      })
      expect(await get(`${url}/api/own`, token)).toEqual({
        status: 200,
        json: { role: 'org:admin', size: 2 },
      })
      const { json } = await get(`${url}/docs-json`)
      const { paths } = json as { paths: { [path: string]: { [method: string]: Operation } } }
      const documented = Object.entries(paths)
        .filter(([path]) => path.includes('memberships'))
        .map(([path, methods]) => `${Object.keys(methods).join(' ')} ${path}`)
      expect(documented).toEqual([
        'post get /api/v1/organizations/{organization_id}/memberships',
        'patch delete /api/v1/organizations/{organization_id}/memberships/{user_id}',
        'patch /api/v1/organizations/{organization_id}/memberships/{user_id}/metadata',
      ])
      const memberships = paths['/api/v1/organizations/{organization_id}/memberships']
      expect(memberships?.get?.parameters.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'organization_id',
          'limit',
          'order_by',
          'user_id',
          'email_address',
        ]),
      )
      expect(memberships?.get?.parameters.map(({ name }) => name)).not.toContain('phone_number')
      expect(memberships?.post?.requestBody).toBeDefined()
      expect(JSON.stringify(paths)).not.toContain('private_metadata')
    })
  })
})

interface Answers {
  [what: string]: { status: number; text: string; handler: string | null }
}

/** Mounted and guarded routes, asked by those who may and those who may not. */
async function askEverything(url: string): Promise<Answers> {
  const tokens = {
    nobody: undefined,
    'a stranger': await emulator.createSessionToken({ userId: 'user_eve' }),
    'a member': await emulator.createSessionToken({ userId: 'user_bob' }),
    'an admin': await emulator.createSessionToken({ userId: 'user_ada' }),
  }
  const memberships = '/v1/organizations/org_acme/memberships'
  const change = { method: 'PATCH', body: '{"public_metadata":{"seen":true}}' }
  const calls = [
    ['nobody', 'lists', memberships, {}],
    ['a stranger', 'lists', memberships, {}],
    ['a member', 'lists', memberships, {}],
    ['a member', 'changes', `${memberships}/user_bob/metadata`, change],
    ['an admin', 'changes', `${memberships}/user_bob/metadata`, change],
    ['nobody', 'audits', '/team/org_acme/audit', {}],
    ['a member', 'audits', '/team/org_acme/audit', {}],
    ['an admin', 'audits', '/team/org_acme/audit', {}],
  ] as const
  const answers: Answers = {}
  await emulator.reset()
  for (const [who, does, path, init] of calls) {
    const token = tokens[who]
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: {
        'Content-Type': 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
    })
    answers[`${who} ${does}`] = {
      status: response.status,
      // Each answer of the emulator has a time of its own.
      text: (await response.text()).replaceAll(/"updated_at":\d+/g, ''),
      handler: response.headers.get('x-handler'),
    }
  }
  return answers
}

interface Operation {
  parameters: { name: string }[]
  requestBody?: object
}

async function install(name: string): Promise<string> {
  const app = join(folder, name)
  await cp(fileURLToPath(new URL(`apps/${name}`, import.meta.url)), app, { recursive: true })
  const manifest = JSON.parse(await readFile(join(app, 'package.json'), 'utf8')) as {
    dependencies: object
  }
  manifest.dependencies = { ...manifest.dependencies, ...tarballs }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest))
  await run(
    ['npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
    app,
  )
  return app
}

/** Starts a built app, lets it be used, and stops it by a signal. */
async function serve(
  app: string,
  use: (url: string) => Promise<void>,
  nodeOptions: readonly string[] = [],
): Promise<void> {
  const child = spawn(process.execPath, [...nodeOptions, 'dist/main.js'], {
    cwd: app,
    env: {
      ...environment(),
      CLERK_SECRET_KEY: emulator.secretKey,
      MEMBERSHIPS_URL: emulator.url,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    await use(await firstLine(child, ended))
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function firstLine(child: ChildProcess, ended: Promise<unknown[]>): Promise<string> {
  if (child.stdout === null) throw new Error('The app has no output to read.')
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>
  const first = await Promise.race([line, ended.then(([code]) => Number(code))])
  if (typeof first === 'number') throw new Error(`The app ended with ${first} before it listened.`)
  return first[0]
}

async function list(url: string, userId: string) {
  const token = await emulator.createSessionToken({ userId })
  return get(`${url}/v1/organizations/org_acme/memberships`, token)
}

async function get(url: string, token?: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  })
  return { status: response.status, json: await response.json() }
}

function pnpm(...parameters: string[]): [string, ...string[]] {
  const { devEngines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devEngines: { packageManager: { version: string } }
  }
  return ['npx', '--yes', `pnpm@${devEngines.packageManager.version}`, ...parameters]
}

async function run([program, ...parameters]: [string, ...string[]], cwd: string): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, parameters, {
      cwd,
      env: environment(),
      timeout: 240_000,
      maxBuffer: 16 * 2 ** 20,
    })
    return `${stdout}\n${stderr}`
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${program} ${parameters.join(' ')}\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** Without what the test runner and the package manager above it have put there. */
function environment(): NodeJS.ProcessEnv {
  const reaching = /^npm_config_(.*registry|userconfig|cache|cafile|.*proxy)$/
  const foreign = /^(npm_|pnpm_|PNPM_|VITEST|NODE_ENV$|NODE_OPTIONS$|NODE_PATH$|CLERK_)/
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => reaching.test(name) || !foreign.test(name)),
  )
}
