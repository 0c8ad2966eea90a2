import { createEmulator, type Emulator, type Seed } from '@org-memberships/emulator'
import { createConditionSwitch } from './conditions.js'
import type { DemoMembership, DemoOrganization } from './seed/demo-organization.js'
import { demoSeed } from './seed/demo-seed.js'
import type { DemoPerson, Settings } from './settings.js'

// As long as Clerk's own session tokens live, seconds.
const sessionLifetime = 60

/** An emulator that holds a demo organization, and the settings of a backend that works on it. */
export async function startSeededEmulator(
  pageOrigin: string,
  organization: DemoOrganization,
): Promise<{ emulator: Emulator; settings: Settings }> {
  const emulator = await createEmulator({ seed: demoSeed(organization) satisfies Seed })
  return {
    emulator,
    settings: {
      mode: 'emulator',
      apiOrigin: emulator.origin,
      secretKey: emulator.secretKey,
      issuer: emulator.issuer,
      authorizedParties: [pageOrigin],
      organizationId: organization.id,
      publishableKey: null,
      conditions: createConditionSwitch(emulator),
      candidateName: organization.candidates[0]?.firstName ?? null,
      people: [personOf(organization.admin), personOf(organization.member)],
      async issueSession(userId) {
        const expiresAt = Date.now() + sessionLifetime * 1000
        const token = await emulator.createSessionToken({
          userId,
          azp: pageOrigin,
          expiresIn: sessionLifetime,
        })
        return { token, expiresAt }
      },
    },
  }
}

function personOf({ person, role }: DemoMembership): DemoPerson {
  return { userId: person.userId, name: `${person.firstName} ${person.lastName}`, role }
}
