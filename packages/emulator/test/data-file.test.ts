import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  appendFile,
  link as linkFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, DataFileError, type Emulator } from '../src/index.js'
import { acme } from './acme.js'
import { call, userIds } from './call.js'
import { createReceiver } from './receiver.js'

const members = '/organizations/org_acme/memberships'
const command = fileURLToPath(new URL('../dist/command.js', import.meta.url))
let folder: string
let dataFile: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  dataFile = join(folder, 'state.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

/** Without a connection, so that the acknowledgement comes as soon as it can. */
async function patchWithoutPort(
  emulator: Emulator,
  key: string,
  userId = 'user_ada',
): Promise<void> {
  const response = await emulator.fetch(`${emulator.url}${members}/${userId}/metadata`, {
    method: 'PATCH',
    headers: {
      Authorization: `Bearer ${emulator.secretKey}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ public_metadata: { [key]: 1 } }),
  })
  expect(response.status).toBe(200)
}

describe('a data file', () => {
  it('brings back every change, and the seed for reset', async () => {
    let before: string
    {
      await using emulator = await createEmulator({ seed: acme, dataFile })
      await call(emulator, 'POST', members, { body: { user_id: 'user_cleo', role: 'org:member' } })
      await call(emulator, 'PATCH', `${members}/user_cleo`, { body: { role: 'org:admin' } })
      await call(emulator, 'PATCH', `${members}/user_ada/metadata`, {
        body: '{"private_metadata":{"__proto__":{"x":1}}}',
      })
      await call(emulator, 'DELETE', `${members}/user_bob`)
      before = (await call(emulator, 'GET', members)).text
    }
    for (let restart = 0; restart < 2; restart += 1) {
      await using emulator = await createEmulator({ dataFile })
      expect((await call(emulator, 'GET', members)).text).toBe(before)
    }
    await using emulator = await createEmulator({ dataFile, seed: { users: [] } })
    await emulator.reset()
    await call(emulator, 'DELETE', `${members}/user_ada`)
    expect(userIds(await call(emulator, 'GET', members))).toEqual(['user_bob'])
    await emulator.close()
    await using again = await createEmulator({ dataFile })
    expect(userIds(await call(again, 'GET', members))).toEqual(['user_bob'])
  })

  it('holds a change before it is acknowledged', async () => {
    await using emulator = await createEmulator({ seed: acme, dataFile })
    for (let index = 0; index < 30; index += 1) {
      await patchWithoutPort(emulator, `change_${index}`)
      expect(readFileSync(dataFile, 'utf8')).toContain(`change_${index}`)
    }
  })

  it('loses nothing while it is rewritten', async () => {
    // A member for each change: a later change of the same one would make good for one that was lost.
    const users = Array.from({ length: 3000 }, (_, index) => ({ id: `user_${index}` }))
    const memberships = users.map(({ id }) => ({ user_id: id, role: 'org:member' }))
    const seed = { users, organizations: [{ id: 'org_acme', memberships }] }
    const emulator = await createEmulator({ seed, dataFile })
    const progress = { isDone: false }
    const resets = Promise.all(Array.from({ length: 5 }, () => emulator.reset())).finally(() => {
      progress.isDone = true
    })
    const changes: Promise<void>[] = []
    while (!progress.isDone && changes.length < users.length) {
      changes.push(patchWithoutPort(emulator, 'changed', `user_${changes.length}`))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await Promise.all([resets, ...changes])
    await emulator.close()
    await using again = await createEmulator({ dataFile })
    const kept = new Set<string | undefined>()
    for (let offset = 0; offset < users.length; offset += 500) {
      const { json } = await call(again, 'GET', `${members}?limit=500&offset=${offset}`)
      for (const row of json.data) {
        if (row.public_metadata['changed'] === 1) kept.add(row.public_user_data?.user_id)
      }
    }
    const lost = changes.map((_, index) => `user_${index}`).filter((id) => !kept.has(id))
    expect(lost).toEqual([])
  })

  it('holds the deepest metadata that fits', async () => {
    const deep = `${'['.repeat(4092)}${']'.repeat(4092)}`
    {
      await using emulator = await createEmulator({ seed: acme, dataFile })
      emulator.onEvent(() => {})
      const body = `{"private_metadata":{"a":${deep}}}`
      const path = `${members}/user_ada/metadata`
      expect((await call(emulator, 'PATCH', path, { body })).status).toBe(200)
    }
    await using emulator = await createEmulator({ dataFile })
    expect((await call(emulator, 'GET', members)).text).toContain(deep)
  })

  it('drops a last line that was not finished, and refuses a damaged one', async () => {
    await (await createEmulator({ seed: acme, dataFile })).close()
    await appendFile(dataFile, '{"remove":{"organization_id":"org_acme","user_id":"user')
    const emulator = await createEmulator({ dataFile })
    expect((await call(emulator, 'GET', members)).json.total_count).toBe(2)
    await emulator.close()
    await appendFile(dataFile, 'nonsense\n')
    await expect(createEmulator({ dataFile })).rejects.toThrow(/is damaged: line 2 is not JSON/)
  })

  it('refuses a file of something else and leaves it alone', async () => {
    await writeFile(dataFile, '{"name":"a package"}\n')
    await expect(createEmulator({ dataFile })).rejects.toThrow(DataFileError)
    expect(await readFile(dataFile, 'utf8')).toBe('{"name":"a package"}\n')
  })

  it('is used by one emulator at a time: in one tick, by links, and after a close', async () => {
    const started = await Promise.allSettled(
      Array.from({ length: 5 }, () => createEmulator({ seed: acme, dataFile })),
    )
    const [winner, second] = started.filter(({ status }) => status === 'fulfilled')
    expect(second).toBeUndefined()
    for (const { reason } of started.filter((each) => each.status === 'rejected')) {
      expect(String(reason)).toMatch(
        /DataFileError: .* is used by another emulator of this process/,
      )
    }
    const link = join(folder, 'link.jsonl')
    await symlink(dataFile, link)
    await expect(createEmulator({ dataFile: link })).rejects.toThrow(/is used by another emulator/)
    await (winner as PromiseFulfilledResult<Emulator>).value.close()
    await (await createEmulator({ dataFile: link })).close()
    // The link leads to the file still.
    expect(await readFile(dataFile, 'utf8')).toContain('org_acme')
    expect(await readdir(folder)).toEqual(['link.jsonl', 'state.jsonl'])
    await linkFile(dataFile, join(folder, 'hard.jsonl'))
    await expect(createEmulator({ dataFile })).rejects.toThrow('has 2 names')
  })

  it('is not shared with another thread', async () => {
    await using emulator = await createEmulator({ seed: acme, dataFile })
    await call(emulator, 'DELETE', `${members}/user_bob`)
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads')
       import(workerData.module)
         .then(({ createEmulator }) => createEmulator({ dataFile: workerData.dataFile }))
         .then(() => 'started', (error) => error.message)
         .then((text) => parentPort.postMessage(text))`,
      {
        eval: true,
        workerData: { dataFile, module: new URL('../dist/index.js', import.meta.url).href },
      },
    )
    const [message] = await once(worker, 'message')
    expect(message).toMatch(/is used by another emulator of this process/)
    await worker.terminate()
  })

  it('is taken over from a process that was killed, and from no other', async () => {
    await (await createEmulator({ seed: acme, dataFile })).close()
    const child = spawn(process.execPath, [command, '--port', '0', '--data-file', dataFile])
    await once(child.stdout, 'data')
    const used = new RegExp(`is used by process ${child.pid}`)
    await expect(createEmulator({ dataFile })).rejects.toThrow(used)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const lock = await readFile(`${dataFile}.lock`, 'utf8')
    const several = await Promise.allSettled(
      Array.from({ length: 5 }, () => createEmulator({ dataFile })),
    )
    const [winner, second] = several.filter(({ status }) => status === 'fulfilled')
    expect(second).toBeUndefined()
    await (winner as PromiseFulfilledResult<Emulator>).value.close()

    // Another container: the same number there says nothing here, so signs of life decide.
    const elsewhere = { ...(JSON.parse(lock) as object), place: 'elsewhere', pid: process.pid }
    await writeFile(`${dataFile}.lock`, JSON.stringify(elsewhere))
    const alive = setInterval(() => void utimes(`${dataFile}.lock`, new Date(), new Date()), 200)
    await expect(createEmulator({ dataFile })).rejects.toThrow('another machine or container')
    clearInterval(alive)
    await (await createEmulator({ dataFile })).close()

    await writeFile(`${dataFile}.lock`, 'something else')
    await expect(createEmulator({ dataFile })).rejects.toThrow('is not a lock of this emulator')
  })

  it('is compacted while it grows, and loses nothing by it', async () => {
    const emulator = await createEmulator({ seed: acme, dataFile })
    const filler = 'x'.repeat(8000)
    for (let index = 0; index < 400; index += 1) {
      await call(emulator, 'PATCH', `${members}/user_bob/metadata`, {
        body: { private_metadata: { filler, index } },
      })
    }
    expect((await stat(dataFile)).size).toBeLessThan(2_200_000)
    await emulator.createUser({ id: 'user_new' })
    await emulator.deleteUser('user_ada')
    const before = (await call(emulator, 'GET', members)).text
    expect(before).toContain('"index":399')
    await emulator.close()
    await using again = await createEmulator({ dataFile })
    expect((await call(again, 'GET', members)).text).toBe(before)
    expect((await call(again, 'GET', '/users/user_new')).status).toBe(200)
    await again.reset()
    expect((await call(again, 'GET', members)).text).not.toContain('filler')
  })

  it('brings back users, organizations and invitations as they were', async () => {
    const emulator = await createEmulator({ seed: acme, dataFile })
    await emulator.createOrganization({
      id: 'org_new',
      memberships: [{ user_id: 'user_cleo', role: 'org:admin' }],
    })
    const { id } = await emulator.createInvitation({
      organizationId: 'org_new',
      emailAddress: 'x@example.com',
    })
    await emulator.updateUser('user_cleo', { first_name: 'Cleopatra' })
    await emulator.deleteOrganization('org_acme')
    const before = (await call(emulator, 'GET', '/organization_memberships')).text
    expect(before).toContain('"pending_invitations_count":1')
    await emulator.close()
    await using again = await createEmulator({ dataFile })
    expect((await call(again, 'GET', '/organization_memberships')).text).toBe(before)
    await again.acceptInvitation({ invitationId: id, userId: 'user_bob' })
    await again.reset()
    expect(userIds(await call(again, 'GET', members))).toEqual(['user_bob', 'user_ada'])
  })

  it.each([
    ['', /is empty/],
    [
      '{"format":"org-memberships-emulator 1","seed":{"users":[{"id":1}]}}\n',
      /line 1: users\[0\]\.id/,
    ],
    [
      '{"format":"org-memberships-emulator 1","seed":{"organizations":[{"id":"o","memberships":[{"user_id":"u","role":"org:admin"}]}]}}\n',
      /line 1: seed\.organizations\[0\]\.memberships\[0\]\.user_id: 'u' is not among the users/,
    ],
    ['HEADER{"put":{"user_id":"user_bob","role":5}}\n', /line 2: put\./],
    [
      'HEADER{"remove":{"organization_id":"org_acme","user_id":"user_bob"}}\n{"moved":1}\n',
      /line 3: moved/,
    ],
    ['HEADER[]\n', /line 2: the line: must be an object/],
    [
      'HEADER{"put":{"organization_id":"org_x","user_id":"user_bob","id":"m","role":"org:admin","created_at":1700000000000}}\n',
      /line 2: there is no organization 'org_x'/,
    ],
    [
      'HEADER{"put":{"organization_id":"org_acme","user_id":"user_x","id":"m","role":"org:admin","created_at":1700000000000}}\n',
      /line 2: there is no user 'user_x'/,
    ],
    [
      'HEADER{"put":{"organization_id":"org_acme","user_id":"user_bob","id":"m","role":"org:x","created_at":1700000000000}}\n',
      /line 2: there is no role 'org:x'/,
    ],
  ])('names the line that is wrong: %j', async (text, message) => {
    const header = `${JSON.stringify({ format: 'org-memberships-emulator 1', seed: acme })}\n`
    await writeFile(dataFile, text.replace('HEADER', header))
    await expect(createEmulator({ dataFile })).rejects.toThrow(message)
    await expect(createEmulator({ dataFile })).rejects.toBeInstanceOf(DataFileError)
    expect(await readdir(folder)).toEqual(['state.jsonl'])
  })

  it('says of a file that is too large that it is', async () => {
    await writeFile(dataFile, '')
    await truncate(dataFile, 600 * 1_048_576)
    await expect(createEmulator({ dataFile })).rejects.toThrow(
      /holds 600 MB; a data file can be read up to 511 MB/,
    )
  })

  it('says that its folder is not there', async () => {
    const nowhere = join(folder, 'nowhere', 'state.jsonl')
    await expect(createEmulator({ dataFile: nowhere })).rejects.toThrow('there is no such folder')
  })

  it('holds events until they are delivered', async () => {
    const secret = 'whsec_c2VjcmV0LWZvci10ZXN0cy1vbmx5'
    {
      await using emulator = await createEmulator({
        seed: acme,
        dataFile,
        webhooks: { url: 'http://127.0.0.1:1/', secret, retries: [60_000] },
      })
      await call(emulator, 'DELETE', `${members}/user_bob`)
    }
    await using receiver = await createReceiver(secret)
    const webhooks = { url: receiver.url, secret }
    {
      await using emulator = await createEmulator({ dataFile, webhooks })
      await emulator.webhooks?.settled()
    }
    await using emulator = await createEmulator({ dataFile, webhooks })
    await emulator.webhooks?.settled()
    expect(receiver.events).toMatchObject([{ userId: 'user_bob', membersCount: 1 }])
  })
})
