import { withoutPersonalData } from './changes.js'
import { invalidateMembers, type Settling } from './invalidate.js'
import type { Tables } from './tables.js'

/**
 * An organization or a user is said to be deleted. This is committed first, and then its rows become stale: a read that
 * began before and adds a row that nobody knew either finds it committed, or its row is found here.
 */
export async function recordDeletion(
  tables: Tables,
  kind: 'organization' | 'user',
  id: string,
  settling: Settling,
): Promise<void> {
  const { database, quoted, now } = tables
  await database.query(
    `insert into ${quoted}.deleted_entities as d (id, version, until)
values ($1, nextval('${quoted}.versions'), ${now} + $2::text::bigint)
on conflict (id) do update set version = greatest(d.version, excluded.version), until = greatest(d.until, excluded.until)`,
    [id, String(settling.settle)],
  )
  if (kind === 'user') await erasePersonalData(tables, id)
  const { rows } = await database.query(
    `select organization_id, user_id from ${quoted}.memberships where ${kind}_id = $1`,
    [id],
  )
  const members = rows.map((row) => ({
    organizationId: row.organization_id as string,
    userId: row.user_id as string,
  }))
  if (members.length > 0) await invalidateMembers(tables, members, settling)
}

/** Takes the names and addresses of a user out of the rows and the feed. What is written later is erased by the write. */
async function erasePersonalData({ database, quoted }: Tables, userId: string): Promise<void> {
  await database.query(
    `with theirs as (
  select organization_id from ${quoted}.memberships where user_id = $1 and membership is not null
  order by organization_id for update)
update ${quoted}.memberships m set membership = ${withoutPersonalData('m.membership')},
  sort_first_name = null, sort_last_name = null, sort_username = null
from theirs t where m.organization_id = t.organization_id and m.user_id = $1`,
    [userId],
  )
  await database.query(
    `update ${quoted}.changes set before = ${withoutPersonalData('before')}, after = ${withoutPersonalData('after')} where user_id = $1`,
    [userId],
  )
}

/** True where an event said that the organization was deleted. */
export async function isSaidDeleted({ database, quoted }: Tables, id: string): Promise<boolean> {
  const { rows } = await database.query(
    `select 1 as found from ${quoted}.deleted_entities where id = $1`,
    [id],
  )
  return rows.length > 0
}
