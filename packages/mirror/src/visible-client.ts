import {
  type OrganizationMembership,
  type OrganizationMembershipPage,
  withoutPrivateMetadata,
} from '@org-memberships/core'
import type { MirroredClient } from './options.js'

/**
 * A client whose answers have no private metadata. Rows have none, so an answer of the API that had some would depend on
 * what the mirror happens to know, and reach a browser only when the rows are cold.
 */
export function visibleClient(client: MirroredClient): MirroredClient {
  return {
    get: async (...given) => {
      const membership = await client.get(...given)
      return membership && withoutPrivateMetadata(membership)
    },
    list: async (...given) => visiblePage(await client.list(...given)),
    listForUser: async (...given) => visiblePage(await client.listForUser(...given)),
    listForInstance: async (...given) => visiblePage(await client.listForInstance(...given)),
    // Called at once: wrong arguments are said before the first page.
    listAll: (...given) => visibleItems(client.listAll(...given)),
    listAllForUser: (...given) => visibleItems(client.listAllForUser(...given)),
    count: (...given) => client.count(...given),
    create: async (...given) => withoutPrivateMetadata(await client.create(...given)),
    update: async (...given) => withoutPrivateMetadata(await client.update(...given)),
    updateMetadata: async (...given) =>
      withoutPrivateMetadata(await client.updateMetadata(...given)),
    delete: async (...given) => withoutPrivateMetadata(await client.delete(...given)),
  }
}

function visiblePage(page: OrganizationMembershipPage): OrganizationMembershipPage {
  return { ...page, data: page.data.map(withoutPrivateMetadata) }
}

async function* visibleItems(
  memberships: AsyncIterable<OrganizationMembership>,
): AsyncGenerator<OrganizationMembership> {
  for await (const membership of memberships) yield withoutPrivateMetadata(membership)
}
