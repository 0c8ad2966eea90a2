import type { Emulator } from '../emulator.js'
import type { Store } from '../store/store.js'
import { UsageError } from './usage-error.js'

export interface PrintedToken {
  readonly userId: string
  readonly organizationId: string | undefined
  readonly token: string
  readonly expiresAt: Date
}

/** Seconds: a day's work, since nobody renews these tokens as a browser renews Clerk's. */
const expiresIn = 86_400

/**
 * A session token for each `USER_ID` or `USER_ID@ORGANIZATION_ID` that `--token` was given.
 *
 * @throws UsageError naming a user or an organization that is not there, or not together
 */
export async function createTokens(
  emulator: Emulator,
  store: Store,
  asked: readonly string[],
  { azp, tokenVersion }: { readonly azp: string | undefined; readonly tokenVersion: 1 | 2 },
): Promise<PrintedToken[]> {
  const sessions = asked.map((each) => sessionOf(store, each))
  return Promise.all(
    sessions.map(async ({ userId, organizationId }) => {
      const token = await emulator.createSessionToken({
        userId,
        expiresIn,
        version: tokenVersion,
        ...(organizationId !== undefined && { organizationId }),
        ...(azp !== undefined && { azp }),
      })
      const expiresAt = new Date(emulator.clock.now() + expiresIn * 1000)
      return { userId, organizationId, token, expiresAt }
    }),
  )
}

/** What is printed of a token; the token has a line of its own, to be copied whole. */
export function tokenLines({ userId, organizationId, token, expiresAt }: PrintedToken): string {
  const active =
    organizationId === undefined ? 'no organization active' : `active in ${organizationId}`
  const until = expiresAt.toISOString().slice(0, 16).replace('T', ' ')
  return `  session token   ${userId}, ${active}, until ${until} UTC:\n${token}\n`
}

function sessionOf(store: Store, asked: string) {
  // Ids are free, so one may hold an @ itself.
  const at = store.users.get(asked) === undefined ? asked.lastIndexOf('@') : -1
  const userId = at === -1 ? asked : asked.slice(0, at)
  const user = store.users.get(userId)
  if (user === undefined) {
    throw new UsageError(
      `--token: there is no user '${userId}'. Users come from --seed, or from the --data-file that is there.`,
    )
  }
  if (at === -1) return { userId, organizationId: user.memberships[0]?.row.organization_id }
  const organizationId = asked.slice(at + 1)
  const organization = store.organizations.get(organizationId)
  if (organization === undefined) {
    throw new UsageError(
      `--token: there is no organization '${organizationId}' for user '${userId}'.`,
    )
  }
  if (organization.members.has(userId)) return { userId, organizationId }
  throw new UsageError(
    `--token: user '${userId}' is not a member of organization '${organizationId}'.`,
  )
}
