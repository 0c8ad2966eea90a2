import type { OrganizationMembershipsClient } from '@org-memberships/core'
import { NotMirroredError } from '../errors.js'
import type { Tables } from '../rows/tables.js'

/** What reading is made of. */
export interface Reading {
  readonly tables: Tables
  readonly client: ReadingClient
  /** What to do about a list that the rows cannot answer. */
  readonly otherwise: 'api' | 'refuse'
}

export type ReadingClient = Pick<
  OrganizationMembershipsClient,
  'list' | 'listAll' | 'count' | 'listForUser' | 'listAllForUser'
>

/** Asks the API, where the mirror may. @throws NotMirroredError */
export function askAPI<Result>(
  { otherwise }: Reading,
  why: NotMirrored,
  ask: () => Result,
): Result {
  if (otherwise === 'api') return ask()
  throw new NotMirroredError(why.parameter, why.message)
}

interface NotMirrored {
  readonly parameter: string | undefined
  readonly message: string
}

export function notListed(organizationId: string): NotMirrored {
  return {
    parameter: undefined,
    message:
      `The organization ${organizationId} has not been listed whole yet, so a list of it from the mirror could lack members. ` +
      'Call reconcile({ organizationId }), or leave it to the worker.',
  }
}

export const instanceNotListed: NotMirrored = {
  parameter: undefined,
  message:
    'The instance has not been listed whole yet, so a list of a user from the mirror could lack memberships. ' +
    'Call reconcile(), or leave it to the worker.',
}

export function notCopied(parameter: string): NotMirrored {
  return {
    parameter,
    message:
      `The mirror cannot answer ${parameter}: memberships do not hold what it looks at. ` +
      "Use the client, or the mirror's option otherwise: 'api'.",
  }
}
