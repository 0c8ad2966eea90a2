import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  type PostgresServer,
  startPostgres,
} from '../../packages/mirror/test/support/postgres-server.js'
import { readSamples } from '../test/markdown-samples.js'
import { run } from './packed/commands.js'
import { packPackages } from './packed/packages.js'

// The files of docs/query-builders.md as they stand, in an app outside of this workspace, with our packages as they would
// be published and the real libraries, on a real PostgreSQL.

/** The versions that the page names. */
const dependencies = {
  '@prisma/adapter-pg': '7.10.0',
  '@prisma/client': '7.10.0',
  '@types/node': '20.19.43',
  '@types/pg': '8.23.1',
  'drizzle-orm': '0.45.4',
  knex: '3.3.0',
  pg: '8.23.1',
  prisma: '7.10.0',
  'reflect-metadata': '0.2.2',
  typeorm: '1.1.1',
}

let app: string
let server: PostgresServer
let emulator: Emulator

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'query-builders-'))
  ;[server, emulator] = await Promise.all([
    startPostgres(),
    createEmulator({
      secretKey: 'sk_test_builders',
      seed: {
        users: [
          { id: 'user_ada', first_name: 'Ada' },
          { id: 'user_bob', first_name: 'bob' },
        ],
        organizations: [
          {
            id: 'org_acme',
            memberships: [
              { user_id: 'user_bob', role: 'org:member' },
              { user_id: 'user_ada', role: 'org:admin', public_metadata: { 'why?': '$1' } },
            ],
          },
        ],
      },
    }),
  ])
  await makeApp()
}, 480_000)

afterAll(async () => {
  await Promise.allSettled([server?.stop(), emulator?.close()])
  if (app !== undefined) await rm(app, { recursive: true, force: true })
})

beforeEach(() => emulator.reset())

it.each(['drizzle', 'typeorm', 'knex', 'prisma'])('a mirror over %s', async (name) => {
  const printed = await run(
    [process.execPath, 'build/app.js', name, emulator.url, server.connection.host],
    { cwd: app, timeout: 60_000 },
  )

  expect(JSON.parse(printed)).toEqual({
    early: 'SchemaError',
    listed: ['user_ada', 'user_bob'],
    totalCount: 2,
    metadata: { 'why?': '$1' },
    wasStale: true,
    admins: 2,
    left: 1,
    keepsOwnErrors: true,
    isVerbatim: true,
  })
})

async function makeApp(): Promise<void> {
  const packed = await packPackages(app)
  const ours = packed.filter(({ manifest }) => /core|mirror/.test(manifest.name))
  const manifest = {
    private: true,
    type: 'module',
    dependencies: {
      ...dependencies,
      ...Object.fromEntries(
        ours.map(({ manifest: { name }, tarball }) => [name, `file:${tarball}`]),
      ),
    },
  }
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest))
  await cp(fileURLToPath(new URL('query-builders/', import.meta.url)), app, { recursive: true })
  const samples = await readSamples('docs/query-builders.md')
  await Promise.all(samples.map(({ fileName, code }) => writeFile(join(app, fileName), code)))
  const settings = {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      outDir: 'build',
      rootDir: '.',
    },
    include: ['*.ts'],
  }
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify(settings))
  const install = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']
  await run(['npm', ...install], { cwd: app, timeout: 300_000 })
  // Its schema engine, which migrations need and a client does not, would be downloaded.
  await run(['npx', 'prisma', 'generate', '--schema', 'schema.prisma'], {
    cwd: app,
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  })
  const compiler = new URL('../../node_modules/typescript/bin/tsc', import.meta.url)
  await run([process.execPath, fileURLToPath(compiler)], { cwd: app })
}
