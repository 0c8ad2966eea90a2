import * as v from 'valibot'
import type { EmulatorEvent } from '../events/event.js'
import {
  idSchema,
  membershipSchema,
  organizationSchema,
  unknownKey,
  userSchema,
} from '../seed/check.js'
import type { Seed } from '../seed/seed.js'
import type { Change } from '../store/rows.js'

// A data file is lines of JSON: a header, then one line for each change, in order. A line that a killed process left
// unfinished was never acknowledged and is dropped.

export const journalFormat = 'org-memberships-emulator 1'

export interface HeaderLine {
  readonly format: typeof journalFormat
  /** What `reset` goes back to. */
  readonly seed: Seed
}

/** A change, an event that must still be delivered, or both; or that an event needs no more attempts. */
export type ChangeLine = Partial<AllOf<Change>> & {
  /** Goes out once the change is on disk, and again after a restart until `delivered` says that it arrived. */
  readonly event?: PendingEvent
  readonly delivered?: string
}

/** One type with the fields of every member of a union. */
type AllOf<Union> = {
  readonly [Key in KeyOf<Union>]: Union extends { readonly [Own in Key]: infer Value }
    ? Value
    : never
}
type KeyOf<Union> = Union extends unknown ? keyof Union : never

export interface PendingEvent {
  readonly id: string
  readonly event: EmulatorEvent
}

const text = v.string('must be a text')
const object = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
)

const invitationSchema = v.strictObject(
  {
    id: idSchema,
    organization_id: idSchema,
    email_address: text,
    role: text,
    status: v.picklist(['pending', 'accepted', 'revoked'], 'must be a status'),
    inviter_id: v.nullable(idSchema),
    public_metadata: object,
    private_metadata: object,
    created_at: v.number('must be a number'),
    updated_at: v.number('must be a number'),
  },
  unknownKey,
)

const placedMembershipSchema = v.strictObject(
  {
    ...membershipSchema.entries,
    organization_id: idSchema,
    id: idSchema,
    created_at: v.number('must be a number'),
  },
  unknownKey,
)

/** What each line after the first must look like. */
export const changeLineSchema = v.strictObject(
  {
    put: v.optional(placedMembershipSchema),
    remove: v.optional(
      v.strictObject({ organization_id: idSchema, user_id: idSchema }, unknownKey),
    ),
    put_user: v.optional(userSchema),
    remove_user: v.optional(idSchema),
    put_organization: v.optional(v.omit(organizationSchema, ['memberships'])),
    remove_organization: v.optional(idSchema),
    put_invitation: v.optional(invitationSchema),
    remove_invitation: v.optional(
      v.strictObject({ organization_id: idSchema, id: idSchema }, unknownKey),
    ),
    event: v.optional(v.strictObject({ id: text, event: object }, unknownKey)),
    delivered: v.optional(text),
  },
  unknownKey,
)
