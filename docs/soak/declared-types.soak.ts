import { randomUUID } from 'node:crypto'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from './packed/commands.js'
import { catalogVersion, packPackages, requiredPeers } from './packed/packages.js'

// The declarations of the packages as they would be published, read by other compilers than the one that wrote them,
// in apps of somebody else's and with the strictest settings there are.
const backend = { lib: ['ES2022'], types: ['node'] }
const browser = { lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] }
const both = { ...browser, types: ['node'] }
// The compiler's own libraries, in an app that has no @types/node: not even the emulator is to ask for it.
const bare = { types: [] }

const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' }
const bundler = { module: 'esnext', moduleResolution: 'bundler' }
// Gone from TypeScript 6.
const node10 = { module: 'commonjs', moduleResolution: 'node10', verbatimModuleSyntax: false }

// `registered` imports every entry, so there each compiler checks all of our declarations, and with them those of
// everyone else, which takes an older compiler longer than all the rest. Its other apps do without.
const quick = { skipLibCheck: true }
const programs: Program[] = [
  { version: '5.8.3', app: 'registered', settings: { ...both, ...nodenext } },
  { version: '5.8.3', app: 'backend', settings: { ...backend, ...nodenext, ...quick } },
  { version: '5.8.3', app: 'browser', settings: { ...browser, ...node10, ...quick } },
  { version: '5.8.3', app: 'clerk', settings: { ...both, ...nodenext, ...quick } },
  { version: '5.8.3', app: 'bare', settings: { ...bare, ...nodenext } },
  { version: '5.9.3', app: 'registered', settings: { ...both, ...bundler } },
  { version: '5.9.3', app: 'clerk', settings: { ...both, ...bundler, ...quick } },
  { version: '5.9.3', app: 'bare', settings: { ...bare, ...bundler } },
  { version: '6.0.3', app: 'registered', settings: { ...both, ...bundler } },
  { version: '6.0.3', app: 'backend', settings: { ...backend, ...nodenext, ...quick } },
  { version: '6.0.3', app: 'bare', settings: { ...bare, ...nodenext } },
  ...[nodenext, bundler].flatMap((way) => [
    { version: '7.0.2', app: 'backend', settings: { ...backend, ...way } },
    { version: '7.0.2', app: 'browser', settings: { ...browser, ...way } },
    { version: '7.0.2', app: 'registered', settings: { ...both, ...way } },
    { version: '7.0.2', app: 'clerk', settings: { ...both, ...way } },
    { version: '7.0.2', app: 'bare', settings: { ...bare, ...way } },
  ]),
]

interface Program {
  version: string
  app: string
  settings: { readonly module: string; readonly [name: string]: unknown }
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'declared-types-'))
  const packages = await packPackages(folder)
  const peers = Object.keys(requiredPeers(packages))
  // Nobody who has no use for them has the optional peers: the declarations must do without @clerk/backend.
  const tools = [...peers, '@nestjs/testing', '@types/node', '@types/react']
  await install(folder, {
    ...Object.fromEntries(
      packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
    ),
    ...Object.fromEntries(tools.map((name) => [name, catalogVersion(name)])),
    ...Object.fromEntries(programs.map(({ version }) => [version, `npm:typescript@${version}`])),
  })
  await cp(fileURLToPath(new URL('packed/types/', import.meta.url)), folder, { recursive: true })
  await install(join(folder, 'clerk'), { '@clerk/backend': catalogVersion('@clerk/backend') })
}, 300_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

it.concurrent.each(programs)(
  'TypeScript $version, $settings.moduleResolution: $app',
  async ({ version, app, settings }) => {
    expect(await complaints({ version, app, settings })).toEqual([])
  },
)

it.concurrent('a mistake in an app is seen', async () => {
  await mkdir(join(folder, 'mistaken'))
  const mistaken = "import '@org-memberships/nowhere'\nexport const one: 1 = 2\n"
  await writeFile(join(folder, 'mistaken/app.ts'), mistaken)
  const found = await complaints({
    version: '7.0.2',
    app: 'mistaken',
    settings: { ...backend, ...bundler },
  })
  expect(found).toEqual([expect.stringMatching(/TS2882|TS2307/), expect.stringContaining('TS2322')])
})

async function install(cwd: string, dependencies: { [name: string]: string }): Promise<void> {
  const manifest = { private: true, type: 'module', dependencies }
  await writeFile(join(cwd, 'package.json'), JSON.stringify(manifest, null, 2))
  await run(['npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd,
  })
}

/** What a compiler finds wrong in an app or in our declarations. */
async function complaints({ version, app, settings }: Program): Promise<string[]> {
  const project = join(folder, app, `tsconfig.${version}.${randomUUID()}.json`)
  const compilerOptions = {
    target: 'ES2022',
    jsx: 'react-jsx',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    noEmit: true,
    // Ours are checked like the app's own files; what is wrong in those of others is dropped below.
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    ...settings,
  }
  // What a CommonJS file says differs too much from what a bundler reads.
  const exclude = settings.module === 'nodenext' ? [] : ['*.cts']
  await writeFile(project, JSON.stringify({ compilerOptions, include: ['.'], exclude }))
  const compiler = join(folder, 'node_modules', version, 'bin/tsc')
  const command = [process.execPath, compiler, '-p', project, '--pretty', 'false'] as const
  const printed = await run([...command], { cwd: folder }).catch((error) => {
    // It ends with an error where it has complaints; where it has none, it did not get to its end.
    if (error instanceof Error && complaint.test(error.message)) return error.message
    throw error
  })
  const lines = printed.split('\n').filter((line) => complaint.test(line))
  return lines.filter((line) => !/node_modules\/(?!@org-memberships\/)/.test(line))
}

const complaint = /error TS\d+/
