import { readFileSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, DataFileError, type Emulator } from '../src/index.js'
import { acme } from './acme.js'
import { call, userIds } from './call.js'
import { createReceiver } from './receiver.js'

const members = '/organizations/org_acme/memberships'
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

  it('is used by one emulator at a time', async () => {
    await using emulator = await createEmulator({ seed: acme, dataFile })
    await expect(createEmulator({ dataFile })).rejects.toThrow(/is used by another emulator/)
    await emulator.close()
    await writeFile(`${dataFile}.lock`, '1')
    await expect(createEmulator({ dataFile })).rejects.toThrow(/is used by process 1/)
    await writeFile(`${dataFile}.lock`, '999999999')
    await (await createEmulator({ dataFile })).close()
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
