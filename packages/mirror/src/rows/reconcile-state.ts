import { type Moment, type Tables } from './tables.js'

/** Which list is compared: that of one organization, or that of the whole instance. */
export type ReconcileScope = { readonly organizationId: string } | 'instance'

/** Where a walk over a list in the order of creation has come to. */
export interface WalkPosition {
  readonly offset: number
  /** The newest creation that came, ms since the epoch; null: none yet. */
  readonly newest: number | null
}

/** A reconcile that this process is at. */
export interface RunningReconcile {
  /** The moment before the list began: who has not been seen since it is missing. */
  readonly start: Moment
  readonly position: WalkPosition
}

const anHour = 3_600_000

function rowOf(
  quoted: string,
  scope: ReconcileScope,
): { table: string; where: string; id: string | null } {
  return scope === 'instance'
    ? { table: `${quoted}.mirror_state`, where: '$1::text is null', id: null }
    : { table: `${quoted}.organizations`, where: 'organization_id = $1', id: scope.organizationId }
}

/**
 * Begins a reconcile, or goes on with one that was left. `undefined` while another process is at it.
 *
 * @param lease ms, renewed with each page
 */
export async function claimReconcile(
  tables: Tables,
  scope: ReconcileScope,
  lease: number,
): Promise<RunningReconcile | undefined> {
  const { database, quoted, now } = tables
  if (scope !== 'instance') await addOrganization(tables, scope.organizationId)
  const { table, where, id } = rowOf(quoted, scope)
  // One that is old, older than what was pruned, or not past its first page begins anew: the later its start, the more it
  // finds.
  const resumes = `reconcile_progress is not null and reconcile_version > (select floor_version from ${quoted}.mirror_state) and reconcile_started_at > ${now} - ${anHour}`
  const { rows } = await database.query(
    `update ${table} set reconcile_lease_until = ${now} + $2::text::bigint,
  reconcile_version = case when ${resumes} then reconcile_version else nextval('${quoted}.versions') end,
  reconcile_started_at = case when ${resumes} then reconcile_started_at else ${now} end,
  reconcile_progress = case when ${resumes} then reconcile_progress end
where ${where} and reconcile_lease_until <= ${now}
returning reconcile_version::text as version, reconcile_started_at::text as at, reconcile_progress::text as progress`,
    [id, String(lease)],
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    start: { version: row.version as string, at: Number(row.at) },
    position:
      row.progress === null || row.progress === undefined
        ? { offset: 0, newest: null }
        : (JSON.parse(row.progress) as WalkPosition),
  }
}

/** Keeps where the walk has come to. False where the lease was lost, and another process goes on. */
export async function keepPosition(
  { database, quoted, now }: Tables,
  scope: ReconcileScope,
  { start }: RunningReconcile,
  position: WalkPosition,
  lease: number,
): Promise<boolean> {
  const { table, where, id } = rowOf(quoted, scope)
  const { rows } = await database.query(
    `update ${table} set reconcile_progress = $3::text::jsonb, reconcile_lease_until = ${now} + $4::text::bigint
where ${where} and reconcile_version = $2::text::bigint returning 1 as kept`,
    [id, start.version, JSON.stringify(position), String(lease)],
  )
  return rows.length > 0
}

/** Leaves a reconcile for later, by this process or another one. */
export async function leaveReconcile(
  { database, quoted, now }: Tables,
  scope: ReconcileScope,
  { start }: RunningReconcile,
  wait: number,
): Promise<void> {
  const { table, where, id } = rowOf(quoted, scope)
  await database.query(
    `update ${table} set reconcile_lease_until = 0, reconcile_due_at = ${now} + $3::text::bigint
where ${where} and reconcile_version = $2::text::bigint`,
    [id, start.version, String(wait)],
  )
}

/** The list has come to its end: what it covers counts as listed whole. */
export async function endReconcile(
  { database, quoted, now }: Tables,
  scope: ReconcileScope,
  { start }: RunningReconcile,
  next: number | undefined,
  except: readonly string[] = [],
): Promise<void> {
  const { table, where, id } = rowOf(quoted, scope)
  const ended = `listed_version = $2::text::bigint, listed_at = $3::text::bigint`
  if (scope === 'instance') {
    await database.query(
      `with listed as (
  select organization_id from ${quoted}.organizations
  where organization_id not in (select jsonb_array_elements_text($3::text::jsonb)) and coalesce(listed_version, 0) < $1::text::bigint
  order by organization_id for update)
update ${quoted}.organizations o set listed_version = $1::text::bigint, listed_at = $2::text::bigint
from listed l where o.organization_id = l.organization_id`,
      [start.version, String(start.at), JSON.stringify(except)],
    )
  }
  await database.query(
    `update ${table} set ${ended}, reconcile_version = null, reconcile_started_at = null, reconcile_progress = null,
  reconcile_lease_until = 0, reconcile_due_at = ${next === undefined ? 'null' : `${now} + $4::text::bigint`}
where ${where} and reconcile_version = $2::text::bigint`,
    [id, start.version, String(start.at), ...(next === undefined ? [] : [String(next)])],
  )
}

/** Has an organization compared with the API soon, by a worker or the next `reconcile()`. */
export async function planReconcile(
  { database, quoted, now, schema }: Tables,
  organizationId: string,
  wait: number,
): Promise<void> {
  await database.query(
    `with planned as (
  insert into ${quoted}.organizations as o (organization_id, reconcile_due_at) values ($1, ${now} + $2::text::bigint)
  on conflict (organization_id) do update set reconcile_due_at = least(o.reconcile_due_at, excluded.reconcile_due_at)
  returning 1)
select pg_notify($3, 'stale')::text as notified from planned`,
    [organizationId, String(wait), schema],
  )
}

/** What is due to be compared: the instance, or organizations. */
export async function dueReconciles({ database, quoted, now }: Tables): Promise<ReconcileScope[]> {
  const { rows } = await database.query(
    `select null as id from ${quoted}.mirror_state where reconcile_due_at <= ${now} and reconcile_lease_until <= ${now}
union all
(select organization_id from ${quoted}.organizations where reconcile_due_at <= ${now} and reconcile_lease_until <= ${now}
  order by reconcile_due_at limit 20)`,
    [],
  )
  return rows.map(({ id }) =>
    (id ?? null) === null ? 'instance' : { organizationId: id as string },
  )
}

async function addOrganization(
  { database, quoted }: Tables,
  organizationId: string,
): Promise<void> {
  await database.query(
    `insert into ${quoted}.organizations (organization_id) values ($1) on conflict do nothing`,
    [organizationId],
  )
}
