import { readListQuery } from '@org-memberships/core/contract'
import type {
  OrganizationMembershipOrder,
  OrganizationMembershipPage,
  OrganizationMembershipQuery,
} from '@org-memberships/core'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  filters,
  ofInstanceAndUser,
  orders,
  pages,
  seed,
} from '../../../emulator/test/conformance/list-table.js'
import type { Row } from '../../../emulator/test/conformance/rows.js'
import { seed as manySeed, sparseQuery } from '../../../emulator/test/listing-queries.js'
import { NotMirroredError } from '../../src/errors.js'
import { listForUser } from '../../src/reading/list-for-user.js'
import { count, list, listAll } from '../../src/reading/list.js'
import { collect, type Mirrored, mirrored } from '../support/mirrored.js'

// The emulator's own list tests, asked of the rows of the mirror.

/** What only the API can answer. */
const asksAPI =
  /[?&](query=[^&]|email_address|phone_number|web3_wallet|created_at_|last_active_at_|order_by=[^&]*(email|phone))/

describe('the emulator’s table of lists', () => {
  let acme: Mirrored
  beforeAll(async () => {
    acme = await mirrored(seed)
  })
  afterAll(() => acme.close())

  const rows = [...pages, ...orders, ...filters, ...ofInstanceAndUser].filter(
    ({ path }) => !path.startsWith('/organization_memberships'),
  )
  const good = rows.filter((row) => row.status === 200 && valuesFit(row))

  it.each(good)('$says', async (row) => {
    const sent = acme.emulator.requests.length
    const { data, totalCount } = await listOf(acme, 'reading', row)

    expect({ users: usersOf(data), totalCount }).toEqual({
      users: row.users,
      totalCount: row.totalCount,
    })
    // A user without memberships might be no user.
    const isUnknown = row.path.includes('/user_elsewhere/')
    expect(acme.emulator.requests.length - sent).toBe(asksAPI.test(row.path) || isUnknown ? 1 : 0)
  })

  it.each(rows.filter((row) => row.status === 200 && asksAPI.test(row.path)))(
    'refuses, where it must not ask the API: $says',
    async (row) => {
      await expect(listOf(acme, 'rows', row)).rejects.toMatchObject({
        name: 'NotMirroredError',
        parameter: expect.any(String) as string,
      })
    },
  )

  const wrong: readonly OrganizationMembershipQuery[] = [
    { limit: 0 },
    { limit: 501 },
    { limit: 1.5 },
    { offset: -1 },
    { orderBy: 'age' as 'username' },
    { createdAtBefore: Number.NaN },
    { role: '' as 'org:member' },
    { userId: Array.from({ length: 101 }, (_, index) => `user_${index}`) },
  ]
  it.each(wrong)('refuses what the client refuses: %#', async (query) => {
    const ask = { organizationId: 'org_1', ...query }
    const refusal: unknown = await acme.client.list(ask).catch((error: unknown) => error)

    expect(refusal).toMatchObject({ name: 'InvalidArgumentError' })
    await expect(list(acme.rows, ask)).rejects.toEqual(refusal)
  })
})

describe('of sixty members', () => {
  let many: Mirrored
  beforeAll(async () => {
    many = await mirrored(manySeed)
  })
  afterAll(() => many.close())

  it('answers every query as the API does, from its rows where they hold what is asked for', async () => {
    let answered = 0
    await fc.assert(
      fc.asyncProperty(sparseQuery, async (query) => {
        const params = { organizationId: 'org_1', ...query }
        const expected = await many.client.list(params)
        const sent = many.emulator.requests.length
        const page = await list(many.reading, params)

        expect(withoutPrivateMetadata(page)).toEqual(withoutPrivateMetadata(expected))
        const isFromRows = many.emulator.requests.length === sent
        if (isFromRows) answered += 1
        const refusal: unknown = await list(many.rows, params).catch((error: unknown) => error)
        expect(refusal instanceof NotMirroredError).toBe(!isFromRows)
        const { limit: _, offset: __, orderBy: ___, ...asked } = params
        expect(await count(many.reading, asked)).toBe(expected.totalCount)
      }),
      { numRuns: 150 },
    )
    expect(answered).toBeGreaterThan(50)
  })

  it('gives the same order where the database takes no index', async () => {
    const options = ['indexscan', 'indexonlyscan', 'bitmapscan'].map(
      (kind) => `-c enable_${kind}=off`,
    )
    await using slow = await mirrored(manySeed, undefined, { options: options.join(' ') })
    for (const order of ['created_at', 'first_name', 'last_name', 'username']) {
      for (const orderBy of [`+${order}`, `-${order}`] as OrganizationMembershipOrder[]) {
        for (const role of [undefined, 'org:guest', ['org:guest', 'org:admin']]) {
          const params = { organizationId: 'org_1', orderBy, role, limit: 40, offset: 3 }
          const page = await list(slow.rows, params)
          const expected = await slow.client.list(params)
          expect(usersOf(page.data)).toEqual(usersOf(expected.data))
        }
      }
    }
  })

  it('walks every list as the client does', async () => {
    await fc.assert(
      fc.asyncProperty(sparseQuery, fc.integer({ min: 2, max: 70 }), async (query, pageSize) => {
        const { limit: _, offset: __, orderBy: ___, ...asked } = query
        const params = { organizationId: 'org_1', ...asked, pageSize }
        const data = await collect(listAll(many.reading, params))
        const expected = await collect(many.client.listAll(params))

        expect(withoutPrivateMetadata(data)).toEqual(withoutPrivateMetadata(expected))
      }),
      { numRuns: 30 },
    )
  })
})

function listOf(
  of: Mirrored,
  how: 'reading' | 'rows',
  { path }: Row,
): Promise<OrganizationMembershipPage> {
  const { pathname, searchParams } = new URL(path, 'http://127.0.0.1')
  const [, scope, id] = pathname.split('/')
  const query = readListQuery(searchParams)
  if (!query.ok) throw new Error(`${path} is no list`)
  if (scope === 'users') return listForUser(of[how], { ...query.value, userId: id as string })
  return list(of[how], { ...query.value, organizationId: id as string })
}

/** `role[]=…` and the like reach the client by no parameter. */
function valuesFit({ path }: Row): boolean {
  return readListQuery(new URL(path, 'http://127.0.0.1').searchParams).ok
}

function usersOf(data: OrganizationMembershipPage['data']) {
  return data.map(({ publicUserData }) => publicUserData?.userId)
}

/** The mirror stores none by default. */
function withoutPrivateMetadata(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, entry: unknown) => (key === 'privateMetadata' ? undefined : entry)),
  )
}
