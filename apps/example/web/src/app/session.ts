import { fetchJSON } from './read-json.js'

/** Where a session token comes from: `null` while nobody is signed in. */
export type GetToken = () => Promise<string | null>

interface IssuedToken {
  token: string
  /** ms since the epoch */
  expiresAt: number
}

// A token is replaced this long before it expires, ms: longer than a request takes.
const margin = 10_000

/**
 * Signs the reader in as one of the demo's people. Tokens live for a minute, as Clerk's do, so one is asked for anew
 * when the last is about to expire; requests that need it at the same time share that one question.
 */
export function createDemoSession(userId: string): GetToken {
  let current: Promise<IssuedToken> | null = null
  let expiresAt = 0

  return async () => {
    if (current === null || Date.now() > expiresAt - margin) {
      expiresAt = Number.POSITIVE_INFINITY
      current = issueToken(userId)
      current.then(
        (issued) => (expiresAt = issued.expiresAt),
        // A question that failed, or was not answered in time, is not kept: the next request asks again.
        () => (current = null),
      )
    }
    return (await current).token
  }
}

/** What of Clerk's own object a session is read from. */
interface ActiveSession {
  readonly session?: { readonly id: string; getToken(): Promise<string | null> } | null
}

/**
 * The session that the reader has signed in to; Clerk keeps and renews its tokens. They are handed out only while it is
 * the active one: what one reader's page still had to send does not go out in the name of the next.
 */
export function createClerkSession(clerk: ActiveSession, sessionId: string): GetToken {
  return async () => {
    const { session } = clerk
    return session?.id === sessionId ? session.getToken() : null
  }
}

async function issueToken(userId: string): Promise<IssuedToken> {
  const issued = await fetchJSON('/api/demo/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ userId }),
  })
  return issued as IssuedToken
}
