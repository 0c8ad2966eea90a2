import { InvalidArgumentError } from '@org-memberships/core'
import { InstanceMismatchError } from './errors.js'
import type { MirrorContext } from './options.js'
import { recordDeletion } from './rows/deletions.js'
import { invalidateMembers, invalidateOrganization, invalidateUser } from './rows/invalidate.js'
import { planReconcile } from './rows/reconcile-state.js'
import type { Tables } from './rows/tables.js'

/** A webhook's event, verified: what `verifyWebhook` of `@clerk/backend/webhooks` returns. */
export interface MirrorEvent {
  readonly type: string
  readonly data: unknown
  readonly instance_id?: string | undefined
}

/** `ignored`: the event says nothing about memberships. */
export type Receipt = 'accepted' | 'ignored'

/**
 * Takes an event as a hint: something changed, and is read anew. Nothing else of it is believed, so events may come twice,
 * late or in any order.
 */
export async function receiveEvent(context: MirrorContext, event: MirrorEvent): Promise<Receipt> {
  const { tables, settle } = context
  const settling = { settle, delay: 0 }
  const handle = handlers[event?.type as keyof typeof handlers]
  if (handle === undefined) return 'ignored'
  if (event.instance_id !== undefined) await assertInstance(tables, event.instance_id)
  await handle(tables, event, settling)
  return 'accepted'
}

type Handler = (
  tables: Tables,
  event: MirrorEvent,
  settling: { readonly settle: number; readonly delay: number },
) => Promise<void>

const ofMembership: Handler = (tables, event, settling) => {
  const organizationId = idAt(event, 'organization', 'id')
  const userId = idAt(event, 'public_user_data', 'user_id')
  return invalidateMembers(tables, [{ organizationId, userId }], settling)
}

const handlers = {
  'organizationMembership.created': ofMembership,
  'organizationMembership.updated': ofMembership,
  'organizationMembership.deleted': ofMembership,
  'organization.created': (tables, event, { settle }) =>
    planReconcile(tables, idAt(event, 'id'), settle),
  'organization.updated': (tables, event, settling) =>
    invalidateOrganization(tables, idAt(event, 'id'), settling),
  'organization.deleted': (tables, event, settling) =>
    recordDeletion(tables, 'organization', idAt(event, 'id'), settling),
  'user.updated': (tables, event, settling) => invalidateUser(tables, idAt(event, 'id'), settling),
  'user.deleted': (tables, event, settling) =>
    recordDeletion(tables, 'user', idAt(event, 'id'), settling),
} satisfies { [type: string]: Handler }

function idAt({ type, data }: MirrorEvent, ...path: readonly string[]): string {
  let value: unknown = data
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  }
  if (typeof value === 'string' && value !== '') return value
  throw new InvalidArgumentError('event', `The event ${type} has no data.${path.join('.')}.`)
}

/**
 * The first instance that is named keeps the schema.
 *
 * @throws InstanceMismatchError
 */
export async function assertInstance(
  { database, quoted, schema }: Tables,
  instanceId: string,
): Promise<void> {
  const kept = `select instance_id from ${quoted}.mirror_state`
  let { rows } = await database.query(kept, [])
  if ((rows[0]?.instance_id ?? null) === null) {
    await database.query(
      `update ${quoted}.mirror_state set instance_id = $1 where instance_id is null`,
      [instanceId],
    )
    ;({ rows } = await database.query(kept, []))
  }
  const expected = rows[0]?.instance_id as string
  if (expected !== instanceId) throw new InstanceMismatchError(schema, expected, instanceId)
}
