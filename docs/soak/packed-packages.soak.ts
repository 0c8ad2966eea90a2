import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment, pnpmCommand, run } from './packed/commands.js'
import { nodeBinary, nodeVersions } from './packed/node-lines.js'
import {
  catalogVersion,
  lowestVersion,
  type PackedPackage,
  packPackages,
  requiredPeers,
} from './packed/packages.js'

// The packages as they would be published, in two apps of somebody else's, outside of this workspace. One is new: ESM,
// npm, and the newest peers. The other has stayed behind: CommonJS, pnpm (which shows a package only what it
// declares), the lowest peers that are promised, and none of the optional ones.
const scripts = fileURLToPath(new URL('packed/app/', import.meta.url))

let folder: string
let packages: PackedPackage[]
let binaries: Map<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-packages-'))
  const [packed, paths] = await Promise.all([
    packPackages(folder),
    Promise.all(nodeVersions.map(async (version) => [version, await nodeBinary(version)] as const)),
  ])
  packages = packed
  binaries = new Map(paths)
  await installNewApp()
  await installOldApp()
  // Seven Node binaries are to be downloaded where none is cached.
}, 300_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(nodeVersions)('on Node %s', (version) => {
  it('an ESM app imports them, with the newest peers', async () => {
    expect(await runApp(version, 'new', 'app.mjs')).toBe('fine\n')
  })

  it('a CommonJS app requires them, with the lowest peers', async () => {
    expect(await runApp(version, 'old', 'app.cjs')).toBe('fine\n')
  })
})

it('npm installs core once: two copies would be two client classes', async () => {
  const listed = await run(['npm', 'ls', '--all', '--json', '@org-memberships/core'], {
    cwd: join(folder, 'new'),
  })
  const versions = [...listed.matchAll(/"resolved": "([^"]*core[^"]*)"/g)].map(([, path]) => path)
  expect(new Set(versions).size).toBe(1)
})

it('a server component makes a seed, and the hooks say that they are for the client', async () => {
  const cwd = join(folder, 'new')
  const node = nodeOf(nodeVersions[0])
  const parameters = ['--conditions=react-server', 'server-component.mjs']
  expect(await run([node, ...parameters], { cwd })).toBe('fine\n')
  const react = join(cwd, 'node_modules/@org-memberships/react/dist')
  expect(await readFile(join(react, 'index.js'), 'utf8')).toMatch(/^'use client'/)
  expect(await readFile(join(react, 'pages/seed.js'), 'utf8')).not.toContain('use client')
})

it('the installed command serves, and ends on SIGTERM', async () => {
  const command = join(folder, 'new/node_modules/.bin/org-memberships-emulator')
  const emulator = spawn(command, ['--port', '0', '--secret-key', 'sk_test_installed'], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(emulator, 'exit')
  try {
    const [line] = (await once(createInterface(emulator.stdout), 'line')) as [string]
    const [url] = /http:\/\/\S+/.exec(line) ?? []
    const { status } = await fetch(`${url}/organization_memberships`, {
      headers: { authorization: 'Bearer sk_test_installed' },
    })
    expect(status).toBe(200)
  } finally {
    emulator.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
})

async function installNewApp(): Promise<void> {
  const names = Object.keys(requiredPeers(packages))
  const optional = ['@clerk/backend', '@nestjs/testing']
  const cwd = await writeApp('new', {
    ...Object.fromEntries(
      packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
    ),
    ...Object.fromEntries([...names, ...optional].map((name) => [name, catalogVersion(name)])),
    '@nestjs/platform-express': catalogVersion('@nestjs/platform-express'),
    'react-dom': catalogVersion('react-dom'),
  })
  await run(['npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd,
  })
}

async function installOldApp(): Promise<void> {
  const peers = Object.entries(requiredPeers(packages)).map(
    ([name, range]) => [name, lowestVersion(range)] as const,
  )
  const lowest = Object.fromEntries(peers)
  const cwd = await writeApp('old', {
    ...Object.fromEntries(
      packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
    ),
    ...lowest,
    '@nestjs/platform-express': String(lowest['@nestjs/core']),
    'react-dom': String(lowest['react']),
  })
  // Until they are on the registry, what they need of each other is at hand in this folder only.
  const overrides = packages.map(
    ({ manifest, tarball }) => `  '${manifest.name}': file:${tarball}\n`,
  )
  // Without hoisting a package finds nothing that it does not declare.
  const workspace = `hoist: false\noverrides:\n${overrides.join('')}`
  await writeFile(join(cwd, 'pnpm-workspace.yaml'), workspace)
  await run(
    [...pnpmCommand(), 'install', '--ignore-scripts', '--prefer-offline', '--no-frozen-lockfile'],
    { cwd },
  )
}

async function writeApp(name: string, dependencies: { [name: string]: string }): Promise<string> {
  const app = join(folder, name)
  await mkdir(app)
  await cp(scripts, app, { recursive: true })
  const manifest = { name: `${name}-app`, private: true, dependencies }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest, null, 2))
  return app
}

async function runApp(version: string, app: string, script: string): Promise<string> {
  const cwd = join(folder, app)
  return run([nodeOf(version), join(cwd, script)], { cwd })
}

function nodeOf(version: string): string {
  const node = binaries.get(version)
  if (node === undefined) throw new Error(`There is no Node ${version} here.`)
  return node
}
