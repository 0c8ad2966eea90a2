import { OrganizationMembershipsClient } from '@org-memberships/core'
import { createEmulator, type Emulator, type SeedMembership } from '@org-memberships/emulator'

export interface TestOrganization extends AsyncDisposable {
  readonly emulator: Emulator
  readonly client: OrganizationMembershipsClient
  readonly organizationId: string
  /** GETs so far. */
  gets(): number
}

/** An emulator with one organization whose members are `user_1`, `user_2`, … with these roles; the last is the newest. */
export async function startOrganization(
  roles: readonly string[],
  options: { others?: number; timeout?: number; metadata?: object } = {},
): Promise<TestOrganization> {
  const memberships: SeedMembership[] = roles.map((role, index) => ({
    user_id: `user_${index + 1}`,
    role,
    public_metadata: (options.metadata ?? {}) as { [key: string]: unknown },
  }))
  const count = roles.length + (options.others ?? 3)
  const emulator = await createEmulator({
    seed: {
      users: Array.from({ length: count }, (_, index) => ({
        id: `user_${index + 1}`,
        first_name: `First${index + 1}`,
        last_name: `Last${index + 1}`,
        username: `name${index + 1}`,
      })),
      organizations: [
        { id: 'org_1', name: 'Acme', slug: 'acme', memberships, max_allowed_memberships: 0 },
        {
          id: 'org_2',
          name: 'Other',
          slug: 'other',
          memberships: [{ user_id: 'user_1', role: 'org:admin' }],
        },
      ],
    },
  })
  const client = new OrganizationMembershipsClient({
    baseURL: emulator.url,
    // A secret key is refused where there is a document.
    getToken: () => emulator.secretKey,
    timeout: options.timeout ?? 5000,
    // A write that fails in a test is to fail at once.
    maxRetries: 0,
  })
  return {
    emulator,
    client,
    organizationId: 'org_1',
    gets: () => emulator.requests.filter(({ method }) => method === 'GET').length,
    [Symbol.asyncDispose]: () => emulator.close(),
  }
}
