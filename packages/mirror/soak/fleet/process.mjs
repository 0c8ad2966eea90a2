// One process of an app that has a mirror: told by its parent what to do, over IPC.
import process from 'node:process'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createOrganizationMembershipsMirror } from '@org-memberships/mirror'
import { fromPool } from '@org-memberships/mirror/pg'
import { Pool } from 'pg'

const { baseURL, secretKey, connection, mirror: options } = JSON.parse(process.argv[2])
const client = new OrganizationMembershipsClient({ baseURL, secretKey })
const mirror = createOrganizationMembershipsMirror({
  ...options,
  client,
  database: fromPool(new Pool(connection)),
  // What fails in the background is tried again; the comparison at the end says whether it was enough.
  onError() {},
})
mirror.start()

const commands = {
  ready: () => {},
  receive: (event) => mirror.receive(event),
  get: (ids) => mirror.get(ids),
  create: (params) => mirror.create(params),
  update: (params) => mirror.update(params),
  updateMetadata: (params) => mirror.updateMetadata(params),
  delete: (params) => mirror.delete(params),
}

process.on('message', async ({ id, command, params }) => {
  try {
    process.send({ id, value: await commands[command](params) })
  } catch (error) {
    process.send({ id, error: `${error.name}: ${error.message}` })
  }
})
process.on('disconnect', () => process.exit())
