import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createTestingModule, emulatorOf } from '@org-memberships/nestjs/testing'
import { AppModule } from './nestjs.js'

export async function countInTest(): Promise<number> {
  const module = await createTestingModule({ imports: [AppModule] }, { seed: {} }).compile()
  const requests = emulatorOf(module).requests.length
  const client = module.get(OrganizationMembershipsClient)
  return requests + (await client.count({ organizationId: 'org_1' }))
}
