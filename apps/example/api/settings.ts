import type { ConditionSwitch } from './conditions.js'

/**
 * All that differs between the emulator and real Clerk. Nothing else in the backend knows which of the two it talks
 * to.
 */
export interface Settings {
  readonly mode: 'emulator' | 'clerk'
  /** Where the Backend API is, without `/v1`. */
  readonly apiOrigin: string
  readonly secretKey: string
  /** Who signs the session tokens: with Clerk, the origin of the instance's frontend API. */
  readonly issuer: string
  /** Origins whose session tokens are accepted: the page's own first. */
  readonly authorizedParties: readonly string[]
  readonly organizationId: string
  /** What the page signs in with; `null` without Clerk. */
  readonly publishableKey: string | null
  /** Whom a reader can be. */
  readonly people: readonly DemoPerson[]
  /** The first name of somebody who can be added, for the reader to try; `null` where nobody is known. */
  readonly candidateName: string | null
  /** Signs in one of `people`; `null` where there is a real sign-in. */
  readonly issueSession: ((userId: string) => Promise<IssuedSession>) | null
  /** `null` with real Clerk, which nobody can order to be slow. */
  readonly conditions: ConditionSwitch | null
}

export interface DemoPerson {
  readonly userId: string
  readonly name: string
  readonly role: 'org:admin' | 'org:member'
}

export interface IssuedSession {
  readonly token: string
  /** ms since the epoch */
  readonly expiresAt: number
}

/** The injection token of the settings. They hold the secret key, so they are never logged or answered whole. */
export const SETTINGS = Symbol('Settings')
