import {
  type APIError,
  isAPIError,
  isAuthenticationError,
  isConnectionError,
  isInvalidArgumentError,
  isNotFoundError,
  isPermissionDeniedError,
  isRateLimitError,
  isTimeoutError,
} from '@org-memberships/core'
import { DemoRequestError, DemoTimeoutError } from './read-json.js'

/** What the reader was doing when it went wrong. */
export interface Attempt {
  /** Who may do it, in `Only admins may change roles`. @default 'admins' */
  who?: 'admins' | 'members'
  /** What only they may do: `change roles`. */
  verb: string
  /** What did not happen, as a sentence: `Ada is still a member.` */
  unchanged: string
}

export interface Words {
  title: string
  message: string
  /** True where trying again may well work. */
  retry: boolean
}

/** An error as a person would say it: what happened, what it means for the data, what to do. */
export function inWords(error: unknown, { who = 'admins', verb, unchanged }: Attempt): Words {
  const words = (title: string, message: string, retry = false): Words => ({
    title,
    message: `${message} ${unchanged}`.trim(),
    retry,
  })
  // `fetch` itself rejects with a TypeError where no answer came.
  if (isConnectionError(error) || error instanceof TypeError) {
    return words('The server cannot be reached', 'Check that it still runs, then try again.', true)
  }
  if (isTimeoutError(error) || error instanceof DemoTimeoutError) {
    return words('The server takes too long', 'Whether it acted is not known yet; try again.', true)
  }
  if (isInvalidArgumentError(error)) return words('That cannot be sent', error.message)
  // The demo's own routes answer with the same statuses as the membership routes, but are not of that family.
  if (error instanceof DemoRequestError && error.status === 403)
    return words(...notAllowed(who, verb))
  if (error instanceof DemoRequestError && error.status === 401) return words(...notSignedIn)
  if (error instanceof DemoRequestError) {
    const isTrouble = error.status >= 500
    return words(
      isTrouble ? 'The server has trouble' : 'The server refused',
      error.message,
      isTrouble,
    )
  }
  if (!isAPIError(error)) {
    return words('Something went wrong', error instanceof Error ? error.message : String(error))
  }
  if (isAuthenticationError(error)) return words(...notSignedIn)
  if (isRateLimitError(error)) {
    return words('Too many changes at once', `Wait ${waitOf(error)}, then try again.`, true)
  }
  const known = error.code === undefined ? undefined : wordsByCode[error.code]
  if (known !== undefined) return words(known.title, known.message(error))
  if (isPermissionDeniedError(error)) return words(...notAllowed(who, verb))
  if (isNotFoundError(error)) return words('Not found', wording(error))
  if (error.status >= 500) {
    return words(
      'The server has trouble',
      `It answered ${error.status}. Try again in a moment.`,
      true,
    )
  }
  return words('The server refused', wording(error))
}

const notAllowed = (who: string, verb: string) =>
  [`Only ${who} may ${verb}`, 'The server answered 403: you are not allowed to.'] as const

const notSignedIn = [
  'You are not signed in',
  'The session has expired or is not accepted. Sign in again.',
] as const

const wordsByCode: {
  [code: string]: { title: string; message: (error: APIError) => string } | undefined
} = {
  already_a_member_in_organization: {
    title: 'Already a member',
    message: () => 'This person is in the organization already.',
  },
  organization_membership_quota_exceeded: { title: 'The organization is full', message: wording },
  organization_minimum_permissions_needed: {
    title: 'An organization needs an admin',
    message: () => 'This is the last one. Make somebody else an admin first.',
  },
  form_param_exceeds_allowed_size: { title: 'Too much metadata', message: wording },
}

function wording(error: APIError): string {
  const said = error.errors[0]?.long_message ?? `It answered ${error.status}.`
  return /[.!?]$/.test(said) ? said : `${said}.`
}

function waitOf({ retryAfter }: APIError): string {
  if (retryAfter === undefined) return 'a moment'
  const seconds = Math.ceil(retryAfter / 1000)
  return seconds === 1 ? 'a second' : `${seconds} seconds`
}
