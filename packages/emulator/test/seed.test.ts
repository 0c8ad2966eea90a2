import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Seed, SeedError, type SeedProblem } from '../src/index.js'
import { acme } from './acme.js'
import { call, userIds } from './call.js'

const members = '/organizations/org_acme/memberships'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function problemsOf(seed: unknown): Promise<readonly SeedProblem[]> {
  const error: unknown = await createEmulator({ seed: seed as Seed }).catch(
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SeedError)) throw new Error('expected a SeedError', { cause: error })
  return error.problems
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('a seed file', () => {
  it.each([
    ['seed.json', JSON.stringify(acme)],
    [
      'seed.yaml',
      `users:
  - id: user_ada
  - { id: user_bob, first_name: Bob }
organizations:
  - id: org_acme
    memberships:
      - { user_id: user_ada, role: org:admin }
      - { user_id: user_bob, role: org:member }
`,
    ],
  ])('is read from %s, by path and by URL', async (name, text) => {
    const path = await file(name, text)
    for (const seed of [path, pathToFileURL(path)]) {
      await using emulator = await createEmulator({ seed })
      expect(userIds(await call(emulator, 'GET', members))).toEqual(['user_bob', 'user_ada'])
    }
  })

  it.each([
    ['none.json', undefined, 'the file: is not there'],
    ['broken.json', '{"users": [', 'the file: is not JSON'],
    ['broken.yml', 'users: [', 'the file: is not YAML'],
    ['list.json', '[]', 'the seed: must be an object'],
    ['text.json', '"x"', 'the seed: must be an object'],
    ['wrong.yaml', 'users:\n  - { id: 5 }', 'users[0].id: must be a text'],
  ])('that cannot be used says so: %s', async (name, text, message) => {
    const path = text === undefined ? join(folder, name) : await file(name, text)
    const failure = createEmulator({ seed: path })
    await expect(failure).rejects.toThrow(`${path} cannot be used:\n  ${message}`)
  })
})

describe('a seed that is wrong', () => {
  const membership = { user_id: 'user_1', role: 'org:member' }
  const withMemberships = (memberships: unknown) => ({
    users: [{ id: 'user_1' }],
    organizations: [{ id: 'org_1', memberships }],
  })
  it.each<[string, unknown, SeedProblem]>([
    ['no id', { users: [{}] }, { path: 'users[0].id', reason: 'is missing' }],
    ['an empty id', { users: [{ id: '' }] }, { path: 'users[0].id', reason: 'must not be empty' }],
    [
      'an id that a URL swallows',
      { organizations: [{ id: '..' }] },
      { path: 'organizations[0].id', reason: 'must not be . or .., which a URL swallows' },
    ],
    [
      'an unknown key',
      { users: [{ id: 'user_1', firstName: 'Ada' }] },
      { path: 'users[0].firstName', reason: 'is not a key of the seed format' },
    ],
    [
      'seconds',
      { users: [{ id: 'user_1', created_at: 1_700_000_000 }] },
      {
        path: 'users[0].created_at',
        reason: 'looks like seconds; times are milliseconds since the epoch',
      },
    ],
    [
      'a wrong contact',
      { users: [{ id: 'user_1', email_address: 5 }] },
      { path: 'users[0].email_address', reason: 'must be a text or a list of texts' },
    ],
    [
      'metadata that is none',
      withMemberships([{ ...membership, public_metadata: [] }]),
      { path: 'organizations[0].memberships[0].public_metadata', reason: 'must be an object' },
    ],
    [
      'a role key without its prefix',
      { roles: [{ key: 'guest' }] },
      { path: 'roles[0].key', reason: 'must be org: and lowercase letters, digits or _' },
    ],
    [
      'a user twice',
      { users: [{ id: 'user_1' }, { id: 'user_1' }] },
      { path: 'users[1].id', reason: "'user_1' is there twice" },
    ],
    [
      'an organization twice',
      { organizations: [{ id: 'org_1' }, { id: 'org_1' }] },
      { path: 'organizations[1].id', reason: "'org_1' is there twice" },
    ],
    [
      'a member twice',
      withMemberships([membership, membership]),
      { path: 'organizations[0].memberships[1].user_id', reason: "'user_1' is there twice" },
    ],
    [
      'a member who is no user',
      withMemberships([{ ...membership, user_id: 'user_2' }]),
      {
        path: 'organizations[0].memberships[0].user_id',
        reason: "'user_2' is not among the users",
      },
    ],
    [
      'an unknown role',
      withMemberships([{ ...membership, role: 'admin' }]),
      {
        path: 'organizations[0].memberships[0].role',
        reason: "'admin' is not a role; there are org:admin, org:member",
      },
    ],
    [
      'a role that the organization does not take',
      {
        ...withMemberships([membership]),
        organizations: [{ id: 'org_1', roles: ['org:admin'], memberships: [membership] }],
      },
      {
        path: 'organizations[0].memberships[0].role',
        reason: "'org:member' is not among this one's roles",
      },
    ],
    [
      'eleven custom roles',
      { roles: Array.from({ length: 11 }, (_, index) => ({ key: `org:r${index}` })) },
      { path: 'roles', reason: 'holds 11 custom roles; an instance has at most 10' },
    ],
  ])('%s', async (_says, seed, problem) => {
    expect(await problemsOf(seed)).toEqual([problem])
  })

  it('names every place, and leaves the emulator as it was', async () => {
    await using emulator = await createEmulator({ seed: acme })
    const wrong = { users: [{ id: 1 }, { id: '' }] } as unknown as Seed
    await expect(emulator.seed(wrong)).rejects.toThrow(/users\[0\].*\n.*users\[1\]/)
    expect((await call(emulator, 'GET', members)).json.total_count).toBe(2)
  })
})

describe('times of a seed', () => {
  it('grow in file order and end before now, unless given', async () => {
    const before = Date.now()
    await using emulator = await createEmulator({
      seed: {
        users: [{ id: 'a' }, { id: 'b', created_at: 1_600_000_000_000 }, { id: 'c' }],
        organizations: [
          {
            id: 'org_acme',
            memberships: [
              { user_id: 'c', role: 'org:member' },
              {
                user_id: 'a',
                role: 'org:member',
                created_at: 1_650_000_000_000,
                updated_at: 1_660_000_000_000,
              },
              { user_id: 'b', role: 'org:member' },
            ],
          },
        ],
      },
    })
    const { json } = await call(emulator, 'GET', members)
    expect(json.data.map((row) => row.public_user_data?.user_id)).toEqual(['b', 'c', 'a'])
    const [b, c, a] = json.data
    expect([a?.created_at, a?.updated_at]).toEqual([1_650_000_000_000, 1_660_000_000_000])
    expect((b?.created_at ?? 0) - (c?.created_at ?? 0)).toBe(2)
    expect(b?.created_at).toBeLessThan(Date.now())
    expect(c?.created_at).toBeGreaterThan(before - 1000)
  })
})
