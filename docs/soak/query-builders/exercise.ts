import { OrganizationMembershipsClient } from '@org-memberships/core'
import {
  createOrganizationMembershipsMirror,
  type Database,
  migrate,
} from '@org-memberships/mirror'

/** What an app does with a mirror, over one database; what it saw is compared by the test. */
export async function exercise(database: Database, baseURL: string, schema: string) {
  const client = new OrganizationMembershipsClient({ baseURL, secretKey: 'sk_test_builders' })
  const mirror = createOrganizationMembershipsMirror({
    client,
    database,
    schema,
    settle: 0,
    refreshWindow: 1,
    otherwise: 'refuse',
  })
  const early: unknown = await mirror
    .list({ organizationId: 'org_acme' })
    .catch((error: unknown) => error)
  await Promise.all([migrate(database, { schema }), migrate(database, { schema })])

  await mirror.reconcile()
  const listed = await mirror.list({ organizationId: 'org_acme', orderBy: 'first_name' })

  const bob = { organizationId: 'org_acme', userId: 'user_bob' }
  await client.update({ ...bob, role: 'org:admin' })
  await mirror.receive({
    type: 'organizationMembership.updated',
    data: { organization: { id: 'org_acme' }, public_user_data: { user_id: 'user_bob' } },
  })
  const hinted = await mirror.inspect(bob)
  await mirror.refresh()
  const admins = await mirror.count({ organizationId: 'org_acme', role: ['org:admin'] })
  await mirror.delete(bob)

  const failure = new Error('changed my mind')
  const rolledBack: unknown = await database
    .transaction(async (transaction) => {
      await transaction.query(`delete from "${schema}".memberships`, [])
      throw failure
    })
    .catch((error: unknown) => error)
  const question = 'What\'s $1 \\ "?" 😀'
  const { rows } = await database.query(
    'select $1::text as text, $2::text as nothing, $1 as again',
    [question, null],
  )
  return {
    early: early instanceof Error && early.name,
    listed: listed.data.map(({ publicUserData }) => publicUserData?.userId),
    totalCount: listed.totalCount,
    metadata: listed.data[0]?.publicMetadata,
    wasStale: hinted.state !== 'trusted',
    admins,
    left: (await mirror.list({ organizationId: 'org_acme' })).totalCount,
    keepsOwnErrors: rolledBack === failure,
    isVerbatim:
      rows[0]?.text === question && rows[0].again === question && rows[0].nothing === null,
  }
}
