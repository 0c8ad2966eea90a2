import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createTestingModule, emulatorOf } from '@org-memberships/nestjs/testing'
import { AppModule, TeamController } from '../src/app.module'

const seed = {
  users: [{ id: 'user_ada' }],
  organizations: [{ id: 'org_acme', memberships: [{ user_id: 'user_ada', role: 'org:admin' }] }],
}

test('the app talks to the emulator', async () => {
  const module = await createTestingModule({ imports: [AppModule] }, { seed }).compile()
  expect(await module.get(TeamController).size('org_acme')).toEqual({ size: 1 })
  const token = await emulatorOf(module).createSessionToken({ userId: 'user_ada' })

  const app = module.createNestApplication({ logger: false })
  await app.listen(0, '127.0.0.1')
  const response = await fetch(`${await app.getUrl()}/v1/organizations/org_acme/memberships`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(response.status).toBe(200)
  await app.close()
})

test('the client can be overridden by its class', async () => {
  const module = await createTestingModule({ imports: [AppModule] })
    .overrideProvider(OrganizationMembershipsClient)
    .useValue({ count: async () => 7 })
    .compile()
  expect(await module.get(TeamController).size('org_acme')).toEqual({ size: 7 })
  await module.close()
})
