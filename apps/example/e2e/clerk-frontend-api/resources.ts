import type {
  AuthConfigJSON,
  ClientJSON,
  DisplayConfigJSON,
  EnvironmentJSON,
  SessionJSON,
  SignInJSON,
  UserJSON,
} from '@clerk/react/types'
import type { Person } from '../../api/seed/person.js'

// Clerk's script has a default for whatever an answer leaves out, so these say only what matters to the page.

/** A development instance whose users sign in with an email address and a password. */
export function environmentOf(pageOrigin: string): Partial<EnvironmentJSON> {
  return {
    object: 'environment',
    auth_config: { single_session_mode: true } satisfies Partial<AuthConfigJSON> as AuthConfigJSON,
    display_config: {
      object: 'display_config',
      application_name: 'Meridian Maps',
      branded: true,
      instance_environment_type: 'development',
      preferred_sign_in_strategy: 'password',
      show_devmode_warning: true,
      home_url: pageOrigin,
      sign_up_url: `${pageOrigin}/sign-up`,
    } satisfies Partial<DisplayConfigJSON> as DisplayConfigJSON,
  }
}

/** Someone who has an account. */
export function userOf(person: Person): Partial<UserJSON> & Pick<UserJSON, 'id' | 'object'> {
  const address = { object: 'email_address', id: `idn_${person.userId}` } as const
  return {
    object: 'user',
    id: person.userId,
    first_name: person.firstName,
    last_name: person.lastName,
    username: person.username,
    image_url: 'https://img.clerk.com/picture',
    has_image: true,
    password_enabled: true,
    primary_email_address_id: address.id,
    email_addresses: [
      {
        ...address,
        email_address: person.emailAddress,
        verification: null,
        linked_to: [],
        matches_sso_connection: false,
      },
    ],
  }
}

/** A session that `user` is signed in with. */
export function sessionOf(id: string, person: Person, token: string): Partial<SessionJSON> {
  const now = Date.now()
  return {
    object: 'session',
    id,
    status: 'active',
    expire_at: now + 7 * 86_400_000,
    abandon_at: now + 30 * 86_400_000,
    last_active_at: now,
    last_active_organization_id: null,
    last_active_token: { object: 'token', id: '', jwt: token },
    user: userOf(person) as UserJSON,
    created_at: now,
    updated_at: now,
  }
}

/** What one browser is to Clerk: the sessions that it holds. */
export function clientOf(id: string, sessions: Partial<SessionJSON>[]): Partial<ClientJSON> {
  return {
    object: 'client',
    id,
    sessions: sessions as SessionJSON[],
    sign_in: null,
    sign_up: null,
    last_active_session_id: sessions.at(-1)?.id ?? null,
  }
}

/** A sign-in on its way: who it is is known, and the password is asked for; or, with a session, one that is through. */
export function signInOf(
  id: string,
  { emailAddress }: Person,
  sessionId: string | null,
): Partial<SignInJSON> {
  return {
    object: 'sign_in',
    id,
    identifier: emailAddress,
    status: sessionId === null ? 'needs_first_factor' : 'complete',
    supported_first_factors: [{ strategy: 'password' }],
    created_session_id: sessionId,
  }
}
