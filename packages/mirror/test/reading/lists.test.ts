import type { OrganizationMembership } from '@org-memberships/core'
import type { Seed } from '@org-memberships/emulator'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listAllForUser, listForUser } from '../../src/reading/list-for-user.js'
import { count, list, listAll } from '../../src/reading/list.js'
import { recordDeletion } from '../../src/rows/deletions.js'
import { takeMoment } from '../../src/rows/tables.js'
import { writeReadings } from '../../src/rows/write.js'
import { collect, type Mirrored, mirrored } from '../support/mirrored.js'

const seed: Seed = {
  users: [
    { id: 'user_ada', first_name: 'Ada', last_name: 'Lovelace', username: 'ada' },
    { id: 'user_bob', first_name: 'Bob' },
    { id: 'user_cleo', first_name: 'Cleo' },
    { id: 'user_alone' },
  ],
  organizations: [
    {
      id: 'org_1',
      memberships: [
        { user_id: 'user_ada', role: 'org:admin', private_metadata: { iban: 'hidden' } },
        { user_id: 'user_bob', role: 'org:member' },
      ],
    },
    { id: 'org_2', memberships: [{ user_id: 'user_ada', role: 'org:member' }] },
  ],
}

const usersOf = ({ data }: { data: readonly OrganizationMembership[] }) =>
  data.map(({ publicUserData }) => publicUserData?.userId)

async function readAgain({ tables, client }: Mirrored, organizationId: string, userId: string) {
  const moment = await takeMoment(tables)
  const membership = await client.get({ organizationId, userId })
  await writeReadings(tables, [{ organizationId, userId, membership }], {
    moment,
    source: 'refresh',
    unknown: 'insert',
    keepPrivateMetadata: false,
  })
}

describe('an organization that has not been listed whole', () => {
  it('is asked of the API', async () => {
    await using acme = await mirrored(seed, ['org_2'])

    expect(usersOf(await list(acme.reading, { organizationId: 'org_1' }))).toEqual([
      'user_bob',
      'user_ada',
    ])
    expect(await count(acme.reading, { organizationId: 'org_1' })).toBe(2)
    expect(await collect(listAll(acme.reading, { organizationId: 'org_1' }))).toHaveLength(2)
    await expect(list(acme.reading, { organizationId: 'org_none' })).rejects.toMatchObject({
      name: 'NotFoundError',
    })
  })

  it('is refused by name where the API must not be asked', async () => {
    await using acme = await mirrored(seed, [])
    const refusal = { name: 'NotMirroredError', parameter: undefined }
    const organizationId = 'org_1'

    for (const ask of [
      () => list(acme.rows, { organizationId }),
      () => count(acme.rows, { organizationId }),
      () => collect(listAll(acme.rows, { organizationId })),
      () => listForUser(acme.rows, { userId: 'user_ada' }),
      () => collect(listAllForUser(acme.rows, { userId: 'user_ada' })),
    ]) {
      await expect(ask()).rejects.toMatchObject(refusal)
    }
    await expect(list(acme.rows, { organizationId })).rejects.toThrow(
      'org_1 has not been listed whole',
    )
    expect(acme.emulator.requests).toHaveLength(0)
  })
})

describe('what is deleted', () => {
  it('an organization: the API says that it is not found', async () => {
    await using acme = await mirrored(seed)
    await acme.emulator.deleteOrganization('org_1')
    await recordDeletion(acme.tables, 'organization', 'org_1', { settle: 0, delay: 0 })

    await expect(list(acme.reading, { organizationId: 'org_1' })).rejects.toMatchObject({
      name: 'NotFoundError',
    })
    await expect(list(acme.rows, { organizationId: 'org_1' })).rejects.toMatchObject({
      name: 'NotMirroredError',
    })
  })

  it('a user: is found by no name any more, though the row is not read yet', async () => {
    await using acme = await mirrored(seed)
    const named = { organizationId: 'org_1', nameQuery: 'ada' }
    expect(await count(acme.rows, named)).toBe(1)

    await recordDeletion(acme.tables, 'user', 'user_ada', { settle: 0, delay: 0 })

    expect(await count(acme.rows, named)).toBe(0)
    const inOrder = await list(acme.rows, { organizationId: 'org_1', orderBy: 'first_name' })
    expect(usersOf(inOrder)).toEqual(['user_bob', 'user_ada'])
  })
})

describe('the memberships of a user', () => {
  it('come from the rows once the instance has been listed whole', async () => {
    await using acme = await mirrored(seed)
    const sent = acme.emulator.requests.length

    const page = await listForUser(acme.rows, { userId: 'user_ada', limit: 1, offset: 1 })
    const all = await collect(listAllForUser(acme.rows, { userId: 'user_ada' }))

    expect(page.totalCount).toBe(2)
    expect(page.data.map(({ organization }) => organization.id)).toEqual(['org_1'])
    expect(all.map(({ organization: { id, membersCount } }) => ({ id, membersCount }))).toEqual([
      { id: 'org_2', membersCount: 1 },
      { id: 'org_1', membersCount: 2 },
    ])
    expect(acme.emulator.requests).toHaveLength(sent)
  })

  it('are asked of the API where there are none, which may know of no such user', async () => {
    await using acme = await mirrored(seed)

    expect(await listForUser(acme.reading, { userId: 'user_alone' })).toEqual({
      data: [],
      totalCount: 0,
    })
    await expect(listForUser(acme.reading, { userId: 'user_none' })).rejects.toMatchObject({
      name: 'NotFoundError',
    })
    await expect(
      collect(listAllForUser(acme.reading, { userId: 'user_none' })),
    ).rejects.toMatchObject({ name: 'NotFoundError' })
    expect(await listForUser(acme.rows, { userId: 'user_none' })).toEqual({
      data: [],
      totalCount: 0,
    })
  })

  it('refuses what the client refuses', async () => {
    await using acme = await mirrored(seed)

    await expect(listForUser(acme.rows, { userId: '' })).rejects.toMatchObject({
      name: 'InvalidArgumentError',
      parameter: 'userId',
    })
    await expect(listForUser(acme.rows, { userId: 'user_ada', limit: 0 })).rejects.toMatchObject({
      parameter: 'limit',
    })
    expect(() => listAllForUser(acme.rows, { userId: 'user_ada', pageSize: 1 })).toThrow('pageSize')
  })
})

it('counts members and roles as rows come, change and go', async () => {
  await using acme = await mirrored(seed)
  const users = ['user_ada', 'user_bob', 'user_cleo', 'user_alone']
  const roles = ['org:admin', 'org:member']
  const organizationId = 'org_1'
  const step = fc.record({
    userId: fc.constantFrom(...users),
    role: fc.constantFrom(...roles, undefined),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      for (const { userId, role } of steps) {
        const ids = { organizationId, userId }
        const isMember = (await acme.client.get(ids)) !== null
        if (role === undefined) {
          if (isMember) await acme.client.delete(ids)
        } else if (isMember) await acme.client.update({ ...ids, role })
        else await acme.client.create({ ...ids, role })
        await readAgain(acme, organizationId, userId)
      }
      const page = await list(acme.rows, { organizationId, limit: 500 })

      expect(page.totalCount).toBe(page.data.length)
      for (const { organization } of page.data) {
        expect(organization.membersCount).toBe(page.data.length)
      }
      const having = (role: string) => page.data.filter((one) => one.role === role).length
      for (const role of roles) {
        expect(await count(acme.rows, { organizationId, role })).toBe(having(role))
      }
      expect(await count(acme.rows, { organizationId, role: roles, userId: '-user_ada' })).toBe(
        page.data.length - usersOf(page).filter((id) => id === 'user_ada').length,
      )
    }),
    // Each run begins where the one before ended.
    { numRuns: 25, endOnFailure: true },
  )
})

it('gives no private metadata', async () => {
  await using acme = await mirrored(seed)

  const page = await list(acme.rows, { organizationId: 'org_1' })

  expect(JSON.stringify(page)).not.toContain('rivate')
})

it('takes every text as a filter', async () => {
  await using acme = await mirrored(seed)

  for (const text of ['\0', '\uD83D', "'; drop table x; --", '%', '\\', '$1', '[]']) {
    for (const filter of ['role', 'userId', 'username', 'usernameQuery', 'nameQuery']) {
      const page = await list(acme.rows, { organizationId: 'org_1', [filter]: text })
      expect(page).toEqual({ data: [], totalCount: 0 })
    }
    await expect(list(acme.rows, { organizationId: text })).rejects.toThrow(/./)
  }
})

it('takes names that are longer than an index entry', async () => {
  // Of digits in no order: what repeats is compressed, and would fit.
  const long = `Ä${Array.from({ length: 1_000 }, (_, index) => ((index + 1) * 7_919_777) ** 2).join('')}`
  await using acme = await mirrored({
    users: [{ id: 'user_long', first_name: long, last_name: long, username: long }],
    organizations: [{ id: 'org_1', memberships: [{ user_id: 'user_long', role: 'org:member' }] }],
  })

  const page = await list(acme.rows, { organizationId: 'org_1', orderBy: 'first_name' })

  expect(page.data[0]?.publicUserData?.firstName).toBe(long)
})

it('stops at an abort with the reason', async () => {
  await using acme = await mirrored(seed)
  const signal = AbortSignal.abort(new Error('gone'))

  for (const ask of [
    () => list(acme.rows, { organizationId: 'org_1' }, { signal }),
    () => listForUser(acme.rows, { userId: 'user_ada' }, { signal }),
    () => collect(listAll(acme.rows, { organizationId: 'org_1' }, { signal })),
    () => collect(listAllForUser(acme.rows, { userId: 'user_ada' }, { signal })),
  ]) {
    await expect(ask()).rejects.toThrow('gone')
  }
})

it('walks on while members come and go', async () => {
  await using acme = await mirrored(seed)
  const organizationId = 'org_1'
  await acme.client.create({ organizationId, userId: 'user_cleo', role: 'org:member' })
  await readAgain(acme, organizationId, 'user_cleo')
  const walked: (string | undefined)[] = []

  for await (const membership of listAll(acme.rows, { organizationId, pageSize: 2 })) {
    walked.push(membership.publicUserData?.userId)
    if (walked.length > 1) continue
    await acme.client.delete({ organizationId, userId: 'user_ada' })
    await readAgain(acme, organizationId, 'user_ada')
    await acme.client.create({ organizationId, userId: 'user_alone', role: 'org:member' })
    await readAgain(acme, organizationId, 'user_alone')
  }

  expect(walked).toEqual(['user_ada', 'user_bob', 'user_cleo', 'user_alone'])
})
