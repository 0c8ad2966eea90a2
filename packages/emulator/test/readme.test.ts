import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { createEmulator } from '../src/index.js'
import { help } from '../src/command/flags.js'
import { call } from './call.js'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFile(new URL(path, root), 'utf8')

it('shows its samples as they are run', async () => {
  const readme = await read('README.md')
  const shown = [...readme.matchAll(/^<!-- (\S+) -->\n\n```\w+\n([^]*?)^```$/gm)]
  const samples = shown.map(([, path = '', code = '']) => ({ path, code }))
  expect(samples).toHaveLength(13)
  const files = await Promise.all(
    samples.map(async ({ path }) => ({ path, code: await read(path) })),
  )
  expect(samples).toEqual(files)
  const fences = readme.match(/^```(?!sh$|$)\w+/gm)
  expect(fences).toHaveLength(samples.length)
})

it('shows a seed with every key, which is one', async () => {
  await using emulator = await createEmulator({
    seed: new URL('test/recipes/everything.yaml', root),
  })
  const { json } = await call(emulator, 'GET', '/organizations/org_acme/memberships')
  expect(json.data[0]).toMatchObject({
    id: 'orgmem_1',
    role_name: 'Billing manager',
    public_metadata: { team: 'compilers' },
    organization: { pending_invitations_count: 1 },
    public_user_data: { identifier: 'ada@example.com' },
  })
  const { status } = await call(emulator, 'GET', '/users/user_ada')
  expect(status).toBe(200)
})

it('names every flag and every option', async () => {
  const readme = await read('README.md')
  const flags = help.match(/--[a-z-]+/g) ?? []
  expect(flags.filter((flag) => !readme.includes(`\`${flag}`))).toEqual([])
  const options = `${await read('src/options.ts')}${await read('src/api/rules.ts')}`
  const names = [...options.matchAll(/^ {2}(?:readonly )?(\w+)\??: /gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(15)
  const cells = new Set([...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name))
  expect(names.filter((name) => !cells.has(name))).toEqual([])
})
