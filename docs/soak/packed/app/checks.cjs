// What an app does with the packages, once it has loaded them in its own way: by `import` or by `require`.
const assert = require('node:assert/strict')

const seed = {
  users: [
    { id: 'user_ada', first_name: 'Ada', email_address: 'ada@example.com' },
    { id: 'user_bob', first_name: 'Bob', email_address: 'bob@example.com' },
  ],
  organizations: [
    { id: 'org_1', name: 'Acme', memberships: [{ user_id: 'user_ada', role: 'org:admin' }] },
  ],
}

/** The five operations, and an error that a guard recognises. */
exports.callTheEmulator = async (core, { createEmulator }) => {
  const emulator = await createEmulator({ seed })
  try {
    const { url: baseURL, secretKey } = emulator
    const memberships = new core.OrganizationMembershipsClient({ baseURL, secretKey })
    const member = { organizationId: 'org_1', userId: 'user_bob' }
    await memberships.create({ ...member, role: 'org:member', publicMetadata: { title: 'Dr' } })
    const page = await memberships.list({ organizationId: 'org_1', orderBy: '+created_at' })
    const ids = page.data.map(({ publicUserData }) => publicUserData.userId)
    assert.deepEqual(ids, ['user_ada', 'user_bob'])
    const updated = await memberships.update({ ...member, role: 'org:admin' })
    assert.equal(updated.role, 'org:admin')
    const patch = { title: null, team: { id: 't1' } }
    const patched = await memberships.updateMetadata({ ...member, publicMetadata: patch })
    assert.deepEqual(patched.publicMetadata, { team: { id: 't1' } })
    await memberships.delete(member)
    const error = await memberships.delete(member).catch((reason) => reason)
    assert.ok(core.isNotFoundError(error), String(error))
    const methods = emulator.requests.map(({ method }) => method)
    assert.deepEqual(methods, ['POST', 'GET', 'PATCH', 'PATCH', 'DELETE', 'DELETE'])
  } finally {
    await emulator.close()
  }
}

/** A Nest app with the routes mounted behind a policy of its own. */
exports.serveRoutes = async ({ Module }, { NestFactory }, nestjs, { createEmulator }) => {
  class LetEveryoneRead extends nestjs.MembershipAccess {
    async authorize() {
      return nestjs.grantWithoutMembership()
    }
  }
  // oxlint-disable-next-line typescript/no-extraneous-class -- how Nest spells a module
  class AppModule {}
  const emulator = await createEmulator({ seed })
  const { url: baseURL, secretKey } = emulator
  Module({
    imports: [
      nestjs.OrganizationMembershipsModule.forRoot({ baseURL, secretKey, isGlobal: true }),
      nestjs.OrganizationMembershipsHttpModule.forRoot({ access: { useClass: LetEveryoneRead } }),
    ],
  })(AppModule)
  const app = await NestFactory.create(AppModule, { logger: ['error'], abortOnError: false })
  try {
    await app.listen(0, '127.0.0.1')
    const response = await fetch(`${await app.getUrl()}/v1/organizations/org_1/memberships`)
    const { data, total_count } = await response.json()
    assert.equal(response.status, 200)
    assert.equal(total_count, 1)
    assert.equal(data[0].public_user_data.user_id, 'user_ada')
    assert.equal('private_metadata' in data[0], false)
  } finally {
    await app.close()
    await emulator.close()
  }
}

/** A page of members, rendered on a server from what it has read. */
exports.renderOnServer = async (
  core,
  { createElement },
  { renderToString },
  react,
  seeds,
  emulators,
) => {
  const emulator = await emulators.createEmulator({ seed })
  try {
    const { url: baseURL, secretKey } = emulator
    const client = new core.OrganizationMembershipsClient({ baseURL, secretKey })
    const page = await client.list({ organizationId: 'org_1' })
    const entries = [{ organizationId: 'org_1', page }]
    const Rows = () => {
      const { memberships } = react.useOrganizationMemberships('org_1')
      return createElement('p', null, memberships?.map(({ role }) => role) ?? 'unknown')
    }
    const props = { client, seed: seeds.organizationMembershipsSeed(entries) }
    const html = renderToString(
      createElement(react.OrganizationMembershipsProvider, props, createElement(Rows)),
    )
    assert.equal(html, '<p>org:admin</p>')
  } finally {
    await emulator.close()
  }
}
