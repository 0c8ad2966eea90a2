import { OrganizationMembershipsClient } from '@org-memberships/core'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../src/index.js'
import { acme } from './acme.js'

let emulator: Emulator
afterEach(() => emulator.close())

describe('an emulator without a port', () => {
  it('serves a client through its fetch', async () => {
    emulator = await createEmulator({ port: false, seed: acme })
    const client = new OrganizationMembershipsClient({
      baseURL: emulator.url,
      secretKey: emulator.secretKey,
      fetch: emulator.fetch,
    })
    const created = await client.create({
      organizationId: 'org_acme',
      userId: 'user_cleo',
      role: 'org:member',
      publicMetadata: { a: 1 },
    })
    expect(created.publicMetadata).toEqual({ a: 1 })
    expect((await client.list({ organizationId: 'org_acme' })).totalCount).toBe(3)
  })

  it('shows the network’s faults as fetch does', async () => {
    emulator = await createEmulator({ port: false, seed: acme })
    const get = (signal?: AbortSignal) =>
      emulator.fetch(`${emulator.url}/organization_memberships`, {
        headers: { Authorization: `Bearer ${emulator.secretKey}` },
        ...(signal && { signal }),
      })
    emulator.failNext({ fault: 'reset' })
    await expect(get()).rejects.toThrow(new TypeError('fetch failed'))
    emulator.failNext({ fault: 'truncate' })
    await expect(get().then((response) => response.text())).rejects.toThrow('terminated')
    emulator.failNext({ fault: 'stall' })
    const controller = new AbortController()
    const stalled = get(controller.signal)
    controller.abort(new Error('enough'))
    await expect(stalled).rejects.toThrow('enough')
    expect((await get()).status).toBe(200)
  })
})
