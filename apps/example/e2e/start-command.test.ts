import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import { afterEach, describe, expect, test } from 'vitest'
import { demoSeed } from '../api/seed/demo-seed.js'
import { demo } from './running-example.js'

// What root `start` runs once it has built. Started directly: a signal to a package manager would not reach it.
const entry = fileURLToPath(new URL('../dist/api/main.js', import.meta.url))

interface Started {
  process: ChildProcess
  /** Everything it has written so far. */
  output(): string
}

const running: ChildProcess[] = []
afterEach(() => {
  for (const process of running.splice(0)) process.kill('SIGKILL')
})

function start(args: string[], environment: { [name: string]: string } = {}): Started {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => (output += text))
  }
  return { process: child, output: () => output }
}

/** The URL that it prints, once it has printed all. */
function urlOf({ process: child, output }: Started): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const url = /The page:\s+(\S+)/.exec(output())?.[1]
      if (url !== undefined && output().includes('Ctrl+C')) resolve(url)
    }
    child.stdout?.on('data', look)
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${output()}`)))
    look()
  })
}

async function endOf({ process: child }: Started): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit')
  return child.exitCode
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

describe('start', () => {
  test('prints the URL, answers with the page and 10,000 members at PORT, and stops on SIGTERM', async () => {
    const port = await freePort()
    const started = start([], { PORT: String(port) })
    const url = await urlOf(started)
    expect(url).toBe(`http://localhost:${port}`)

    const page = await fetch(url)
    const html = await page.text()
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(html).toContain('<div id="root">')
    const [, script] = /<script[^>]+src="([^"]+)"/.exec(html) ?? []
    expect((await fetch(`${url}${script}`)).headers.get('content-type')).toMatch(/javascript/)

    const described = (await (await fetch(`${url}/api/demo`)).json()) as object
    expect(described).toMatchObject({
      mode: 'emulator',
      organization: { name: 'Meridian Maps' },
      people: [{ role: 'org:admin' }, { role: 'org:member' }],
    })

    // The emulator that it names can be asked as well.
    const baseURL = /emulator at (\S+),/.exec(started.output())?.[1] ?? ''
    const secretKey = /key:\s+(\S+)/.exec(started.output())?.[1] ?? ''
    const truth = new OrganizationMembershipsClient({ baseURL, secretKey })
    expect(await truth.count({ organizationId: demo.id })).toBe(10_000)

    started.process.kill('SIGTERM')
    expect(await endOf(started)).toBe(0)
  })

  test('says that a port is taken, and which to try', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }

    const started = start([], { PORT: String(port) })
    expect(await endOf(started)).toBe(1)
    other.close()

    expect(started.output().trim()).toBe(
      `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1}.`,
    )
  })

  test('refuses what it cannot use in words, without a stack', async () => {
    const started = start([], { PORT: '0', HOST: '203.0.113.7' })

    expect(await endOf(started)).toBe(1)
    expect(started.output().trim()).toBe(
      "HOST is '203.0.113.7', which is not an address of this machine.",
    )
  })

  test('a key in the environment does not make it talk to Clerk', async () => {
    const calls: string[] = []
    const clerk = createServer((request, response) => {
      calls.push(`${request.method} ${request.url}`)
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(clerk, 'listening')
    const { port } = clerk.address() as { port: number }

    const started = start([], {
      PORT: '0',
      CLERK_SECRET_KEY: 'sk_live_of_a_real_account',
      CLERK_PUBLISHABLE_KEY: 'pk_live_Y2xlcmsuZXhhbXBsZS5jb20k',
      CLERK_ORGANIZATION_ID: 'org_real',
      CLERK_API_URL: `http://127.0.0.1:${port}`,
    })
    const url = await urlOf(started)
    const described = await (await fetch(`${url}/api/demo`)).json()
    clerk.close()

    expect(described).toMatchObject({ mode: 'emulator', organization: { id: demo.id } })
    expect(calls).toEqual([])
    expect(started.output()).not.toContain('sk_live_of_a_real_account')
  })
})

describe('start --clerk', () => {
  test('without keys says which to set, and starts nothing', async () => {
    const started = start(['--clerk'], { PORT: '0' })

    expect(await endOf(started)).toBe(1)
    for (const name of ['CLERK_SECRET_KEY', 'CLERK_PUBLISHABLE_KEY', 'CLERK_ORGANIZATION_ID']) {
      expect(started.output()).toContain(`  ${name}=`)
    }
    expect(started.output()).not.toContain('The page:')
  })

  test('runs the same backend on what Clerk’s address answers, and seeds nothing there', async () => {
    // The emulator plays Clerk here: the same API at another address.
    await using clerk = await createEmulator({ seed: demoSeed(demo) })
    const issuer = 'https://clerk.example.com'
    const publishableKey = `pk_test_${Buffer.from('clerk.example.com$').toString('base64')}`
    const started = start(['--', '--clerk'], {
      PORT: '0',
      CLERK_SECRET_KEY: clerk.secretKey,
      CLERK_PUBLISHABLE_KEY: publishableKey,
      CLERK_ORGANIZATION_ID: demo.id,
      CLERK_API_URL: clerk.origin,
      CLERK_AUTHORIZED_PARTIES: 'https://app.example.com',
    })
    const url = await urlOf(started)
    expect(started.output()).toContain(
      'your Clerk instance. What is changed on the page is changed there.',
    )
    expect(started.output()).toContain('caps at 100 users')
    expect(started.output()).not.toContain(clerk.secretKey)
    expect(await (await fetch(`${url}/api/demo`)).json()).toEqual({
      mode: 'clerk',
      organization: { id: demo.id, name: demo.name },
      publishableKey,
      people: [],
      candidateName: null,
      condition: null,
    })
    const signIn = await fetch(`${url}/api/demo/session`, { method: 'POST' })
    expect(signIn.status).toBe(404)

    const list = async (token: string) =>
      fetch(`${url}/api/v1/organizations/${demo.id}/memberships?limit=1`, {
        headers: { Authorization: `Bearer ${token}` },
      })
    const { userId } = demo.member.person
    const azp = 'https://app.example.com'
    const accepted = await list(await clerk.createSessionToken({ userId, azp, iss: issuer }))
    expect(accepted.status).toBe(200)
    expect(await accepted.json()).toMatchObject({ total_count: 250 })
    // Signed by the same key, but not in the name of this instance.
    const foreign = await list(await clerk.createSessionToken({ userId, azp }))
    expect(foreign.status).toBe(401)
    expect(clerk.requests.every(({ method }) => method === 'GET')).toBe(true)
  })
})
