import {
  type NotFoundError,
  OrganizationMembershipsClient,
  PermissionDeniedError,
} from '@org-memberships/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapters } from './support/app.js'
import { type Mounted, origin, startMounted } from './support/mounted.js'

describe.each(adapters)(
  'a browser-like core client against the mounted routes on %s',
  (adapter) => {
    let mounted: Mounted
    let ada: OrganizationMembershipsClient
    let bob: OrganizationMembershipsClient

    beforeAll(async () => {
      mounted = await startMounted(adapter, { http: { path: 'members/v1' } })
      const clientOf = (userId: string) =>
        new OrganizationMembershipsClient({
          baseURL: `${mounted.url}/members/v1`,
          getToken: () => mounted.emulator.createSessionToken({ userId, azp: origin }),
        })
      ada = clientOf('user_ada')
      bob = clientOf('user_bob')
    })
    afterAll(() => mounted.close())

    const organizationId = 'org_acme'

    it('looks one member up', async () => {
      const found = await bob.get({ organizationId, userId: 'user_ada' })
      expect(found?.role).toBe('org:admin')
      expect(found).not.toHaveProperty('privateMetadata')
      expect(await bob.get({ organizationId, userId: 'user_eve' })).toBeNull()
      expect(await bob.count({ organizationId, role: 'org:member' })).toBe(2)
    })

    it('lists by the filters that are open', async () => {
      const page = await bob.list({ organizationId, role: ['org:admin'], query: 'ada', limit: 1 })
      expect(page.data.map(({ publicUserData }) => publicUserData?.userId)).toEqual(['user_ada'])
    })

    it('changes, and gets errors as the API gives them', async () => {
      const member = { organizationId, userId: 'user_dan' }
      const created = await ada.create({ ...member, role: 'org:member' })
      expect(created.publicUserData?.userId).toBe('user_dan')
      const updated = await ada.updateMetadata({ ...member, publicMetadata: { title: 'Tester' } })
      expect(updated.publicMetadata).toEqual({ title: 'Tester' })
      expect((await ada.update({ ...member, role: 'org:admin' })).role).toBe('org:admin')
      expect((await ada.delete(member)).role).toBe('org:admin')
      await expect(ada.delete(member)).rejects.toMatchObject({
        status: 404,
        code: 'resource_not_found',
      } satisfies Partial<NotFoundError>)
      await expect(ada.update({ ...member, role: 'org:nobody' })).rejects.toMatchObject({
        status: 404,
        errors: [{ meta: { param_name: 'role' } }],
      })
      await expect(bob.delete({ organizationId, userId: 'user_ada' })).rejects.toThrow(
        PermissionDeniedError,
      )
      await expect(bob.delete({ organizationId, userId: 'user_ada' })).rejects.toThrow(
        /org:sys_memberships:manage/,
      )
    })
  },
)
