import type { OrganizationMembership } from '@org-memberships/core'
import { expect, it } from 'vitest'
import type { OrganizationMembershipsMirror } from '../../src/index.js'
import { acme, ada, cid, openApp } from '../support/app.js'

const secret = { salary: 1 }
const seed = {
  ...acme,
  organizations: [
    {
      id: 'org_acme',
      name: 'Acme',
      private_metadata: { plan: 2 },
      memberships: [{ user_id: 'user_ada', role: 'org:admin', private_metadata: secret }],
    },
  ],
}

/** Every way to a membership. */
async function answersOf(mirror: OrganizationMembershipsMirror): Promise<OrganizationMembership[]> {
  const { organizationId, userId } = ada
  const answers = [
    await mirror.get(ada),
    ...(await mirror.list({ organizationId })).data,
    ...(await mirror.list({ organizationId, query: 'ada' })).data,
    ...(await mirror.listForUser({ userId })).data,
    await mirror.update({ ...ada, role: 'org:admin' }),
    await mirror.updateMetadata({ ...ada, publicMetadata: {}, privateMetadata: secret }),
  ]
  for await (const each of mirror.listAll({ organizationId })) answers.push(each)
  for await (const each of mirror.listAllForUser({ userId })) answers.push(each)
  await mirror.create({ ...cid, role: 'org:member', privateMetadata: secret })
  answers.push(await mirror.delete(cid))
  return answers.filter((answer) => answer !== null)
}

it('private metadata is in no answer, of the API or of the rows', async () => {
  const { mirror, client } = await openApp({ seed })
  const cold = await answersOf(mirror)
  await mirror.reconcile()
  for (const answer of [...cold, ...(await answersOf(mirror))]) {
    expect(answer).not.toHaveProperty('privateMetadata')
    expect(answer.organization).not.toHaveProperty('privateMetadata')
  }
  expect(cold).toHaveLength(9)
  // It was there to be seen, and what was written has arrived.
  expect((await client.get(ada))?.privateMetadata).toEqual(secret)
})

it('private metadata is in every answer where the option says so', async () => {
  const { mirror } = await openApp({ seed, privateMetadata: true })
  const cold = await answersOf(mirror)
  await mirror.reconcile()
  for (const answer of [...cold, ...(await answersOf(mirror))]) {
    expect(answer.privateMetadata).toEqual(secret)
    expect(answer.organization.privateMetadata).toEqual({ plan: 2 })
  }
})

it('says what is wrong with arguments at once, whatever the option', async () => {
  const { mirror } = await openApp({ seed })
  expect(() => mirror.listAll({ organizationId: 'org_acme', pageSize: 0 })).toThrow(/pageSize/)
  expect(() => mirror.listAllForUser({ userId: 'user_ada', pageSize: 0 })).toThrow(/pageSize/)
})
