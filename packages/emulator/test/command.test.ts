import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { verifyToken } from '@clerk/backend'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readFlags } from '../src/command/flags.js'
import { requestLine } from '../src/command/request-line.js'
import { UsageError } from '../src/command/usage-error.js'
import type { Emulator, RequestLogEntry } from '../src/index.js'
import { acme } from './acme.js'
import { call as callEmulator } from './call.js'

const command = fileURLToPath(new URL('../dist/command.js', import.meta.url))
const members = '/organizations/org_acme/memberships'
const running = new Set<ChildProcess>()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  await writeFile(join(folder, 'seed.json'), JSON.stringify(acme))
  return () => rm(folder, { recursive: true })
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Started {
  readonly child: ChildProcess
  readonly url: string
  readonly output: () => string
  readonly ended: Promise<number | null>
}

function run(...args: string[]) {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder })
  running.add(child)
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  return { child, ended, output: () => text }
}

async function start(...args: string[]): Promise<Started> {
  const started = run('--port', '0', ...args)
  await expect.poll(started.output, { timeout: 10_000 }).toContain('secret key')
  const url = /http:\S+/.exec(started.output())?.[0] ?? ''
  return { ...started, url }
}

const call = ({ url }: Started, method: string, path: string, body?: unknown) =>
  callEmulator({ url, secretKey: 'sk_test_local' } as Emulator, method, path, { body })

describe('the command', () => {
  it('serves a seed file, prints a line for each request, and stops in peace', async () => {
    const started = await start('--seed', 'seed.json', '--latency', '1')
    expect((await call(started, 'GET', `${members}?limit=1`)).json.total_count).toBe(2)
    expect((await call(started, 'DELETE', `${members}/user_cleo`)).status).toBe(404)
    started.child.kill('SIGTERM')
    expect(await started.ended).toBe(0)
    expect(started.output()).toMatch(
      /\d\d:\d\d:\d\d GET \/v1\/organizations\/org_acme\/memberships\?limit=1 200 \d+ ms\n/,
    )
    expect(started.output()).toMatch(/DELETE \S+ 404 resource_not_found \d+ ms\n$/)
  })

  it('comes back from a kill with everything it acknowledged', async () => {
    const acknowledged = new Set<string>()
    for (let life = 0; life < 3; life += 1) {
      const started = await start('--seed', 'seed.json', '--data-file', 'state.jsonl', '--quiet')
      const { json } = await call(started, 'GET', `${members}?user_id=user_bob`)
      const kept = json.data[0]?.public_metadata ?? {}
      expect([...acknowledged].filter((key) => !Object.hasOwn(kept, key))).toEqual([])

      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let index = 0; index < 200; index += 1) {
          const key = `${life}-${writer}-${index}`
          const called = await call(started, 'PATCH', `${members}/user_bob/metadata`, {
            public_metadata: { [key]: 1 },
          })
          if (called.status === 200) acknowledged.add(key)
          if (acknowledged.size > (life + 1) * 60) started.child.kill('SIGKILL')
        }
      })
      await Promise.allSettled(writers)
      await started.ended
    }
    expect(acknowledged.size).toBeGreaterThan(180)
  })

  it('prints session tokens that are accepted, for a day, with the organization that was asked for', async () => {
    const flags =
      '--seed seed.json --token user_ada --azp http://localhost:3000 --token user_ada@org_acme --token user_cleo'
    const started = await start(...flags.split(' '))
    const tokens = started.output().match(/^\S+\.\S+\.\S+$/gm) ?? []
    const claims = await Promise.all(
      tokens.map((token) =>
        verifyToken(token, {
          secretKey: 'sk_test_local',
          apiUrl: started.url.replace('/v1', ''),
          authorizedParties: ['http://localhost:3000'],
        }),
      ),
    )
    const first = { id: 'org_acme', rol: 'admin' }
    expect(claims).toMatchObject([
      { sub: 'user_ada', azp: 'http://localhost:3000', o: first },
      { sub: 'user_ada', o: first },
      { sub: 'user_cleo' },
    ])
    expect(claims[2]).not.toHaveProperty('o')
    for (const { exp, iat } of claims) expect(exp - iat).toBe(86_400)
    expect(started.output()).toMatch(/session token {3}user_ada, active in org_acme, until \d{4}-/)
    expect(started.output()).toMatch(/session token {3}user_cleo, no organization active, until /)
  })

  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
    [['--help'], 0, /^Usage: org-memberships-emulator/],
    [['--prot', '1'], 1, /Unknown option '--prot'[^]*See --help/],
    [
      ['--port', '0', '--seed', 'seed.json', '--token', 'user_9'],
      1,
      /--token: there is no user 'user_9'/,
    ],
    [
      ['--port', '0', '--seed', 'seed.json', '--token', 'user_ada@org_9'],
      1,
      /--token: there is no organization 'org_9'/,
    ],
    [
      ['--port', '0', '--seed', 'seed.json', '--token', 'user_cleo@org_acme'],
      1,
      /--token: user 'user_cleo' is not a member of organization 'org_acme'/,
    ],
    [['--seed', 'none.json'], 1, /^none\.json cannot be used:\n {2}the file: is not there\n$/],
  ])('%j ends with %i', async (args, code, output) => {
    const ran = run(...args)
    expect(await ran.ended).toBe(code)
    expect(ran.output()).toMatch(output)
  })
})

describe('flags', () => {
  it('have their defaults', () => {
    expect(readFlags([])).toEqual({
      kind: 'serve',
      isQuiet: false,
      tokens: [],
      azp: undefined,
      tokenVersion: 2,
      options: {
        port: 9899,
        host: '127.0.0.1',
        secretKey: 'sk_test_local',
        allowedHosts: [],
        lastAdminRule: 'by-version',
        rateLimit: false,
        latency: 0,
      },
    })
  })

  it('limit the names of a server whose key everybody knows', () => {
    const hostsOf = (line: string) => {
      const asked = readFlags(line.split(' '))
      return asked.kind === 'serve' ? asked.options.allowedHosts : undefined
    }
    expect(hostsOf('--allow-host emulator --allow-host api')).toEqual(['emulator', 'api'])
    expect(hostsOf('--secret-key mine')).toBeUndefined()
  })

  it('say everything that an emulator can be told', () => {
    const asked = readFlags(
      '--port 0 --host ::1 --seed s.yaml --secret-key k --data-file d --latency 5 --rate-limit 7 --last-admin-rule never --webhook-url http://x --webhook-secret whsec_eA== --quiet --token user_1 --token user_2@org_1 --azp http://localhost:3000 --token-version 1'.split(
        ' ',
      ),
    )
    expect(asked).toEqual({
      kind: 'serve',
      isQuiet: true,
      tokens: ['user_1', 'user_2@org_1'],
      azp: 'http://localhost:3000',
      tokenVersion: 1,
      options: {
        port: 0,
        host: '::1',
        seed: 's.yaml',
        secretKey: 'k',
        dataFile: 'd',
        latency: 5,
        rateLimit: { requests: 7 },
        lastAdminRule: 'never',
        webhooks: { url: 'http://x', secret: 'whsec_eA==' },
      },
    })
  })

  it.each([
    ['--port=x'],
    ['--port=70000'],
    ['--latency=-1'],
    ['--rate-limit=some'],
    ['--last-admin-rule=maybe'],
    ['--secret-key=a b'],
    ['--webhook-secret=whsec_eA=='],
    ['--azp=http://localhost:3000'],
    ['--token=u --azp=http://localhost:3000/'],
    ['--token=u --azp=localhost'],
    ['--token-version=3'],
    ['positional'],
  ])('refuses %s', (flag) => {
    expect(() =>
      readFlags(flag.split(' --').map((each, index) => (index === 0 ? each : `--${each}`))),
    ).toThrow(UsageError)
  })
})

describe('a request line', () => {
  it('shows no control characters', () => {
    const line = requestLine({
      method: 'GET',
      path: '/v1/\u001B[31m',
      search: new URLSearchParams(),
      status: null,
      code: null,
      receivedAt: 0,
      duration: 3,
    } as RequestLogEntry)
    expect(line).toBe('00:00:00 GET /v1/?[31m no answer 3 ms')
  })
})
