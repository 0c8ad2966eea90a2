import { throwIfAborted } from './abort.js'
import type { Call } from './call.js'
import type { OrganizationMembership } from './contract/domain.js'
import type { CreateMembershipBodyJSON } from './contract/wire.js'
import { amend } from './errors.js'
import { mergeMetadata } from './metadata.js'
import { isSameJSON } from './plain-json.js'
import type { Settle } from './transport.js'

/**
 * What a create does when its answer is lost, so that it ends as one membership and one success, or as one truthful error.
 *
 * ```
 *  client                          server
 *    ├── POST ────────────────────────▶ adds the member
 *    │          ✗ ◀─────────────────── 200 (lost)
 *    ├── GET  user_id ────────────────▶
 *    │ ◀───────────────────────────── the member
 *    same role and metadata: this is the answer
 *    absent:                 POST again; where that is refused (`already_a_member…`), look once more
 *    different, unreadable:  the first error, with the reason
 * ```
 * A failure that says that nothing was done (429, `resource_locked`, a refused connection) is sent again without all
 * that. A user who was a member before, with equal values, cannot be told from one who was just added.
 *
 * @param find reads the member back
 */
export function settleCreate(
  call: Call,
  wanted: CreateMembershipBodyJSON,
  find: () => Promise<OrganizationMembership | null>,
): Settle<OrganizationMembership> {
  return async (error, { lost, again }) => {
    const found = await readBack(call, find, error)
    if (found !== null && isAsWanted(found, wanted)) return found
    if (found !== null) throw amend(error, differs)
    if (!again) throw amend(error, lost ? absent : gone)
    return undefined
  }
}

const differs =
  'The user is a member now, but not with the role and metadata asked for. Whether this call added it, and the server or ' +
  'someone else gave it others, is not known.'
const absent =
  'The user was not a member right afterwards; a server that is slow may still carry the request out.'
const gone = 'The user was not to be found among the members right afterwards.'

async function readBack(
  call: Call,
  find: () => Promise<OrganizationMembership | null>,
  original: Error,
): Promise<OrganizationMembership | null> {
  try {
    return await find()
  } catch (error) {
    throwIfAborted(call.signal)
    const why = error instanceof Error ? error.message : String(error)
    throw amend(
      original,
      `Whether the user was added is not known: reading back failed too. ${why}`,
    )
  }
}

function isAsWanted(found: OrganizationMembership, wanted: CreateMembershipBodyJSON): boolean {
  return (
    isSameRole(found.role, wanted.role) &&
    isSameMetadata(found.publicMetadata, wanted.public_metadata) &&
    // A backend that faces browsers does not show private metadata, and takes none.
    (found.privateMetadata === undefined && wanted.private_metadata === undefined
      ? true
      : isSameMetadata(found.privateMetadata, wanted.private_metadata))
  )
}

/** An instance may still know a role by its older key, and answers with `org:` before it. */
function isSameRole(found: string, wanted: string): boolean {
  return found === wanted || found === `org:${wanted}`
}

/** Compares without nulls: whether a create stores them is not written anywhere. */
function isSameMetadata(stored: object | undefined, wanted: object | null = {}): boolean {
  return (
    stored !== undefined && isSameJSON(mergeMetadata({}, stored), mergeMetadata({}, wanted ?? {}))
  )
}
