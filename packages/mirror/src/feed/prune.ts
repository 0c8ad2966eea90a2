import type { MirrorContext } from '../options.js'

/** Rows that say that somebody is no member, and deletions, are kept at least this long: longer than any read takes. */
const keepTombstonesFor = 3_600_000
const rowsAtOnce = 5000

/**
 * Takes away changes that are older than they are kept, and rows of users who are no members.
 *
 * Such a row is what refuses a read that began while the user still was a member. So the highest version among them is
 * committed first, as the floor below which no read is stored any more; then they go.
 */
export async function prune({ tables, keepChangesFor }: MirrorContext): Promise<void> {
  const { database, quoted, now } = tables
  await database.query(
    `with old as (
  select changes.number from ${quoted}.changes where at < ${now} - $1::text::bigint order by changes.number limit ${rowsAtOnce}
), gone as (
  delete from ${quoted}.changes c using old where c.number = old.number returning c.number
)
update ${quoted}.feed set pruned = greatest(pruned, (select max(number) from gone)) where exists (select from gone)`,
    [String(keepChangesFor)],
  )
  const tombstones = `membership is null and stale_version is null and pending_writes = '{}' and read_at < ${now} - ${keepTombstonesFor}`
  const { rows } = await database.query(
    `select greatest((select max(version) from (select version from ${quoted}.memberships where ${tombstones} order by version limit ${rowsAtOnce}) m),
  (select max(version) from ${quoted}.deleted_entities where until < ${now} - ${keepTombstonesFor}))::text as floor`,
    [],
  )
  const floor = rows[0]?.floor ?? null
  if (floor === null) return
  await database.query(
    `update ${quoted}.mirror_state set floor_version = greatest(floor_version, $1::text::bigint)`,
    [floor],
  )
  await database.query(
    `with old as (
  select organization_id, user_id from ${quoted}.memberships where ${tombstones} and version <= $1::text::bigint
  order by organization_id, user_id for update skip locked)
delete from ${quoted}.memberships m using old where m.organization_id = old.organization_id and m.user_id = old.user_id`,
    [floor],
  )
  await database.query(
    `delete from ${quoted}.deleted_entities d where version <= $1::text::bigint and until < ${now} - ${keepTombstonesFor}
  and not exists (select from ${quoted}.memberships m where (m.user_id = d.id or m.organization_id = d.id) and m.membership is not null)`,
    [floor],
  )
}
