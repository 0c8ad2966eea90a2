// CommonJS under `nodenext`: an ESM package may be required since Node 20.19 and TypeScript 5.8.
import core = require('@org-memberships/core')
import emulators = require('@org-memberships/emulator')

async function count(): Promise<number> {
  const { url: baseURL, secretKey, close } = await emulators.createEmulator()
  const memberships = new core.OrganizationMembershipsClient({ baseURL, secretKey })
  try {
    return await memberships.count({ organizationId: 'org_1' })
  } finally {
    await close()
  }
}

export = count
