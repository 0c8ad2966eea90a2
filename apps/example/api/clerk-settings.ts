import type { ClerkOptions } from './options.js'
import type { Settings } from './settings.js'

/** The backend on a real Clerk instance. Nothing is seeded, and nobody is signed in without Clerk. */
export function clerkSettings(clerk: ClerkOptions, pageOrigin: string): Settings {
  return {
    mode: 'clerk',
    apiOrigin: clerk.apiOrigin,
    secretKey: clerk.secretKey,
    issuer: clerk.issuer,
    authorizedParties: [pageOrigin, ...clerk.authorizedParties],
    organizationId: clerk.organizationId,
    people: [],
    candidateName: null,
    issueSession: null,
    conditions: null,
  }
}
