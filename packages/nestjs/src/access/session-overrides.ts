import type { Provider } from '@nestjs/common'
import { HiddenOptions } from '../client/hidden-options.js'
import type { SessionVerifierOptions } from './session-verifier.js'

/** Where sessions are verified in a test instead of where the options say. Nothing, except under test. */
export type SessionOverrides = HiddenOptions<Partial<SessionVerifierOptions>>

/** Overridden by the testing entry. */
export const sessionOverridesToken = Symbol('OrganizationMembershipsSessionOverrides')

export const sessionOverridesProvider: Provider = {
  provide: sessionOverridesToken,
  useFactory: (): SessionOverrides => new HiddenOptions({}),
}
