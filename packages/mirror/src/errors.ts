import { OrganizationMembershipsError } from '@org-memberships/core'

/** What the mirror itself has to say. Errors of the API and of arguments are core's own. */
export class MirrorError extends OrganizationMembershipsError {
  override readonly name: string = 'MirrorError'
}

/** The tables are not the ones that this version of the package works with. Nothing was changed. */
export class SchemaError extends MirrorError {
  override readonly name = 'SchemaError'
  readonly reason: 'missing' | 'older' | 'newer'

  constructor(reason: SchemaError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** The database did not do what was asked; `cause` is the driver's error. */
export class DatabaseError extends MirrorError {
  override readonly name = 'DatabaseError'
  /** The SQLSTATE, where the database itself answered. */
  readonly code: string | undefined

  constructor(message: string, code: string | undefined, options: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The event, or the mirror's options, belong to another Clerk instance than the rows of this schema. */
export class InstanceMismatchError extends MirrorError {
  override readonly name = 'InstanceMismatchError'
  readonly expected: string
  readonly received: string

  constructor(schema: string, expected: string, received: string) {
    super(
      `The schema "${schema}" holds the memberships of the Clerk instance ${expected}, and this belongs to ${received}. ` +
        'Give each instance a schema of its own.',
    )
    this.expected = expected
    this.received = received
  }
}

/** The rows of the mirror cannot answer this list, and with `otherwise: 'refuse'` nobody else is asked. */
export class NotMirroredError extends MirrorError {
  override readonly name = 'NotMirroredError'
  /** The parameter that the rows cannot answer. Undefined: what was asked for has not been listed whole yet. */
  readonly parameter: string | undefined

  constructor(parameter: string | undefined, message: string) {
    super(message)
    this.parameter = parameter
  }
}

/** The API said that many members are gone at once, and nothing else says so. They stay as they are. */
export class UnconfirmedRemovalError extends MirrorError {
  override readonly name = 'UnconfirmedRemovalError'
}

/** Changes after the given number were pruned: a reader that stopped there has missed some. */
export class ChangesPrunedError extends MirrorError {
  override readonly name = 'ChangesPrunedError'
  readonly after: number
  /** The highest number that was pruned. */
  readonly pruned: number

  constructor(schema: string, after: number, pruned: number) {
    super(
      `Changes up to ${pruned} of the schema "${schema}" are no longer kept, and ${after} was the last that was read. ` +
        'Read the memberships anew, and go on from the newest change; keepChangesFor keeps more.',
    )
    this.after = after
    this.pruned = pruned
  }
}

/** A change under `withOrganization` could not begin, or did not come to its end. */
export class OrganizationChangeError extends MirrorError {
  override readonly name = 'OrganizationChangeError'
  /** `busy`: nothing was done. `timeout` and `lost`: it was begun, and its outcome is not known. */
  readonly reason: 'busy' | 'timeout' | 'lost'

  constructor(reason: OrganizationChangeError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}
