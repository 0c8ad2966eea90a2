import type { Type } from '@nestjs/common'
import { createTestingModule, emulatorOf } from '@org-memberships/nestjs/testing'
import { expect, it } from 'vitest'
import { Page } from './page.js'
import { seed, standInForClerk } from './stand-in.js'

const page = await Page.open('README.md')
const here = standInForClerk({
  ...seed,
  organizations: [{ id: 'org_1', name: 'Acme', memberships: [] }],
})

it('core does what the sample says', async () => {
  await page.import('## Core')
  expect(here.printed).toEqual(['1 of 1 admins'])
  const methods = here.emulator.requests.map(({ method }) => method)
  expect(methods).toEqual(['POST', 'PATCH', 'PATCH', 'GET', 'DELETE'])
})

it('the Nest module mounts the routes', async () => {
  const { AppModule } = await page.import<{ AppModule: Type }>('## NestJS')
  const module = await createTestingModule({ imports: [AppModule] }, { seed }).compile()
  const app = module.createNestApplication({ logger: false })
  await app.listen(0)
  const token = await emulatorOf(app).createSessionToken({
    userId: 'user_ada',
    azp: 'https://app.example.com',
  })
  const response = await fetch(`${await app.getUrl()}/api/v1/organizations/org_1/memberships`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(await response.json()).toMatchObject({ total_count: 1 })
  await app.close()
})

it('the emulator prints the count', async () => {
  await page.import('## Emulator')
  expect(here.printed).toEqual(['1'])
})

page.notRun('## Two commands', 'pnpm@12.21.0 test', {
  because: '`start` has a test of its own, and `test` is this one',
  by: 'apps/example/e2e/start-command.test.ts',
})
page.notRun('## Two commands', '--clerk', {
  because: 'it needs an account',
  by: 'apps/example/e2e/start-command.test.ts',
})
page.notRun('## Install', 'pnpm pack', {
  because: 'packed packages are installed into apps elsewhere',
  by: 'docs/soak/packed-packages.soak.ts',
})
page.itLeavesNothingOut()
