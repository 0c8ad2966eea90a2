import type { ClerkOptions } from './options.js'
import type { Settings } from './settings.js'

/** The backend on a real Clerk instance. Nothing is seeded, and whoever signs in does so with Clerk, on the page. */
export function clerkSettings(clerk: ClerkOptions, pageOrigin: string): Settings {
  return {
    mode: 'clerk',
    apiOrigin: clerk.apiOrigin,
    secretKey: clerk.secretKey,
    issuer: clerk.issuer,
    authorizedParties: [pageOrigin, ...clerk.authorizedParties],
    organizationId: clerk.organizationId,
    publishableKey: clerk.publishableKey,
    people: [],
    candidateName: null,
    issueSession: null,
    conditions: null,
  }
}
