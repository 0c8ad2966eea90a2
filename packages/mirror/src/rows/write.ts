import type { OrganizationMembership } from '@org-memberships/core'
import type { Row } from '../database/database.js'
import { sortKeys } from '../reading/sort-keys.js'
import { changesOf, withoutPersonalData } from './changes.js'
import { type Moment, momentOf, type Tables, toStoredJSON } from './tables.js'

/** What the API said of one user in one organization; null: not a member. */
export interface Reading {
  readonly organizationId: string
  readonly userId: string
  readonly membership: OrganizationMembership | null
}

/** How the mirror came to know it, for the change feed. */
export type ChangeSource = 'refresh' | 'reconcile' | 'read' | 'write'

export interface WriteOptions {
  /** Taken before the read began. */
  readonly moment: Moment
  readonly source: ChangeSource
  /** Whether rows that the mirror does not know are added. Claimed rows are known. */
  readonly unknown: 'insert' | 'ignore'
  readonly keepPrivateMetadata: boolean
}

/** The response to a write through the mirror. */
export interface WriteResponse {
  /** Taken after the response came. */
  readonly moment: Moment
  /** The version that the write took before it was sent. */
  readonly pendingWrite: string
  readonly settle: number
  readonly actor: string | undefined
  readonly keepPrivateMetadata: boolean
}

export interface WriteResult {
  readonly added: number
  readonly changed: number
  readonly removed: number
  /** Rows that are fresh now. */
  readonly fresh: number
  /** ms until a read may replace the response to a write of ours that this one did not; 0: there was none. */
  readonly heldFor: number
  /** For the next read of a longer one. */
  readonly next: Moment
}

/**
 * Stores what a read brought. This is the rule of the mirror:
 *
 * - Content is stored where no read with a higher version has been here, and where no write of ours had its response so
 *   shortly before the read began that a replica may not know it.
 * - A row becomes fresh where no hint is newer than the read, where the read began after the last hint had settled and
 *   could be stored, where no write of ours may still act, and where neither its user nor its organization is said to be
 *   deleted since.
 */
export async function writeReadings(
  tables: Tables,
  readings: readonly Reading[],
  options: WriteOptions,
): Promise<WriteResult> {
  // By a statement of its own, committed before the rule is applied: an event that deletes the organization or the user
  // either finds the row, or is found by the rule.
  if (options.unknown === 'insert') await insertUnknown(tables, readings, options.moment)
  const { moment, source, keepPrivateMetadata } = options
  return write(tables, readings, {
    moment,
    source,
    actor: null,
    keepPrivateMetadata,
    stored: `t.version < $2::text::bigint and t.response_until <= $3::text::bigint`,
    fresh: `t.stale_version <= $2::text::bigint and t.stale_until <= $3::text::bigint
      and t.response_until <= $3::text::bigint
      and not exists (select from jsonb_each_text(t.pending_writes) p where p.value::bigint > $3::text::bigint)`,
    newerThan: '$2::text::bigint',
    // Writes that can no longer act are forgotten.
    pendingWrites: `(select coalesce(jsonb_object_agg(p.key, p.value), '{}') from jsonb_each(t.pending_writes) p
      where (p.value #>> '{}')::bigint > $3::text::bigint)`,
    staleVersion: 't.stale_version',
    staleUntil: 't.stale_until',
    responseUntil: 't.response_until',
    values: [],
  })
}

/**
 * Stores the response to a write of ours. It counts only where nothing else has been read since the write was sent: what
 * such a read saw may be the state before the write or after it, and what it stored may be newer than this response.
 *
 * It is believed before replicas have settled only where no hint came either, and where no other write of ours was under
 * way: each may stand for a change after the write and before its response.
 *
 * ```
 * 1 write is sent ─ 2 a reader begins (may see the state before) ─ response: 3 is taken, stored as 3
 *                   the reader's late response: 2 < 3, not stored
 * 1 write is sent, and is carried out ─ the member is removed ─ hint: 2 ─ response: 3 is stored, and is stale from 4 on
 * ```
 */
export async function writeResponse(
  tables: Tables,
  reading: Reading,
  response: WriteResponse,
): Promise<WriteResult> {
  const { moment, actor, keepPrivateMetadata } = response
  const isAlone = `t.stale_version = $8::text::bigint and t.version < $8::text::bigint and t.pending_writes - $8::text = '{}'`
  return write(tables, [reading], {
    moment,
    source: 'write',
    actor: actor ?? null,
    keepPrivateMetadata,
    stored: `t.version < $8::text::bigint`,
    fresh: `${isAlone} and $9::text::bigint = 0`,
    newerThan: '$8::text::bigint',
    pendingWrites: 't.pending_writes - $8::text',
    // Reads that began before the response may have seen the state before the write: none of them makes the row fresh. A row
    // that is stale from no later than its content waits for replicas alone (see `readTrusted`).
    staleVersion: `case when ${isAlone} then $2::text::bigint else nextval('${tables.quoted}.versions') end`,
    // Replicas may be behind the write itself, whenever in its time it was carried out.
    staleUntil: `greatest(t.stale_until, ${tables.now} + $9::text::bigint)`,
    responseUntil: `case when l.stored then ${tables.now} + $9::text::bigint else t.response_until end`,
    values: [response.pendingWrite, String(response.settle)],
  })
}

interface Rule {
  readonly moment: Moment
  readonly source: ChangeSource
  readonly actor: string | null
  readonly keepPrivateMetadata: boolean
  /** Whether content is stored, in SQL over the row `t`. */
  readonly stored: string
  /** Whether the row becomes fresh. */
  readonly fresh: string
  /** The version with which a deletion is compared. */
  readonly newerThan: string
  readonly pendingWrites: string
  readonly staleVersion: string
  readonly staleUntil: string
  readonly responseUntil: string
  /** From `$8` on. */
  readonly values: readonly string[]
}

async function write(
  { database, quoted, now, schema }: Tables,
  readings: readonly Reading[],
  rule: Rule,
): Promise<WriteResult> {
  const { moment } = rule
  const { rows } = await database.query(
    `with given as materialized (
  select o, u, case when deleted then ${withoutPersonalData('m')} else m end as m, case when deleted then null else k end as k, deleted
  from (select x.o, x.u, nullif(x.m, 'null'::jsonb) as m, x.k,
      exists (select from ${quoted}.deleted_entities d where d.id = x.u) as deleted
    from jsonb_to_recordset($1::text::jsonb) as x(o text, u text, m jsonb, k jsonb)) x
), locked as materialized (
  select t.organization_id, t.user_id, t.membership as before, g.m as after, g.k as keys, g.deleted, t.response_until,
    (select floor_version from ${quoted}.mirror_state) < $2::text::bigint and ${rule.stored} as stored,
    (select floor_version from ${quoted}.mirror_state) < $2::text::bigint and ${rule.fresh}
      and not exists (select from ${quoted}.deleted_entities d where d.id in (t.organization_id, t.user_id)
        and (d.version > ${rule.newerThan} or d.until > $3::text::bigint)) as fresh
  from ${quoted}.memberships t join given g on t.organization_id = g.o and t.user_id = g.u
  order by 1, 2 for update of t
), written as (
  update ${quoted}.memberships t set
    membership = case when l.stored then l.after else t.membership end,
    ${['first_name', 'last_name', 'username'].map((name) => `sort_${name} = case when l.stored then l.keys ->> '${name}' else t.sort_${name} end`).join(', ')},
    version = case when l.stored then $2::text::bigint else t.version end,
    read_at = case when l.stored then $3::text::bigint else t.read_at end,
    stale_version = case when l.fresh then null else ${rule.staleVersion} end,
    stale_until = ${rule.staleUntil},
    response_until = ${rule.responseUntil},
    pending_writes = ${rule.pendingWrites},
    lease_until = 0, attempts = 0,
    due_at = case when l.fresh or t.stale_version is null then t.due_at
      -- A hint came while the read was under way.
      when t.stale_version > $2::text::bigint then ${now}
      else greatest(${now}, ${rule.staleUntil},
        (select max((p.value #>> '{}')::bigint) from jsonb_each(${rule.pendingWrites}) p),
        (select max(d.until) from ${quoted}.deleted_entities d where d.id in (t.organization_id, t.user_id))) end
  from locked l where t.organization_id = l.organization_id and t.user_id = l.user_id
  returning t.organization_id, t.user_id
), changed as materialized (
  select l.*, row_number() over (order by l.organization_id, l.user_id) as place
  from locked l join written w using (organization_id, user_id)
  where l.stored and l.before is distinct from l.after
), counted as materialized (
  select organization_id, sum(difference)::bigint as difference, jsonb_object_agg(role, difference) as roles
  from (select organization_id, role, sum(one) as difference
    from (select organization_id, after ->> 'role' as role, 1 as one from changed where after is not null
      union all select organization_id, before ->> 'role', -1 from changed where before is not null) ends
    group by 1, 2 having sum(one) <> 0) by_role
  group by 1
), facts as (
  insert into ${quoted}.organizations as o (organization_id, organization, version, read_at, member_count, role_counts)
  select n.id, f.organization, case when f.id is null then 0 else $2::text::bigint end,
    case when f.id is null then 0 else $3::text::bigint end, coalesce(c.difference, 0), coalesce(c.roles, '{}')
  from (select organization_id as id from locked group by 1) n
  left join jsonb_to_recordset($4::text::jsonb) as f(id text, organization jsonb) on f.id = n.id
  left join counted c on c.organization_id = n.id
  where f.id is not null or c.organization_id is not null
  order by n.id
  on conflict (organization_id) do update set
    organization = case when o.version < excluded.version then excluded.organization else o.organization end,
    version = greatest(o.version, excluded.version),
    read_at = case when o.version < excluded.version then excluded.read_at else o.read_at end,
    stale_version = case when o.stale_version <= excluded.version and o.stale_until <= excluded.read_at then null
      else o.stale_version end,
    member_count = o.member_count + excluded.member_count,
    role_counts = (select coalesce(jsonb_object_agg(role, count) filter (where count <> 0), '{}')
      from (select key as role, sum(value::bigint) as count
        from (select * from jsonb_each_text(o.role_counts) union all select * from jsonb_each_text(excluded.role_counts)) counts
        group by key) sums)
  returning 1
), ${changesOf(quoted, now)}
select count(*) filter (where l.stored and l.before is null and l.after is not null)::text as added,
  count(*) filter (where l.stored and l.before is not null and l.after is not null and l.before is distinct from l.after)::text as changed,
  count(*) filter (where l.stored and l.before is not null and l.after is null)::text as removed,
  count(*) filter (where l.fresh)::text as fresh,
  max(l.response_until) filter (where not l.stored and l.response_until > $3::text::bigint)::text as held_until,
  nextval('${quoted}.versions')::text as version, (${now})::text as at,
  (select count(*) from notified)::text as notified
from locked l`,
    [
      rowsOf(readings, rule.keepPrivateMetadata),
      moment.version,
      String(moment.at),
      factsOf(readings, rule.keepPrivateMetadata),
      rule.source,
      rule.actor,
      schema,
      ...rule.values,
    ],
  )
  return resultOf(rows[0]!)
}

async function insertUnknown(
  { database, quoted, now }: Tables,
  readings: readonly Reading[],
  { version }: Moment,
): Promise<void> {
  // Stale with the version of this read, which makes them fresh at once, unless a hint comes between.
  await database.query(
    `insert into ${quoted}.memberships (organization_id, user_id, stale_version, due_at)
select o, u, $2::text::bigint, ${now} from jsonb_to_recordset($1::text::jsonb) as x(o text, u text)
order by o collate "C", u collate "C" on conflict do nothing`,
    [JSON.stringify(readings.map(({ organizationId: o, userId: u }) => ({ o, u }))), version],
  )
}

function rowsOf(readings: readonly Reading[], keepPrivateMetadata: boolean): string {
  return toStoredJSON(
    readings.map(({ organizationId, userId, membership }) => ({
      o: organizationId,
      u: userId,
      m: membership === null ? null : withoutOrganization(membership, keepPrivateMetadata),
      k: membership === null ? null : sortKeys(membership),
    })),
  )
}

/** The organization is stored once, not with each of its members. */
function withoutOrganization(
  membership: OrganizationMembership,
  keepPrivateMetadata: boolean,
): object {
  // Keys with the value undefined are absent in JSON.
  const stored = { ...membership, organization: undefined }
  return keepPrivateMetadata ? stored : { ...stored, privateMetadata: undefined }
}

/** What the memberships embed of their organizations, once each. */
function factsOf(readings: readonly Reading[], keepPrivateMetadata: boolean): string {
  const facts = new Map<string, object>()
  for (const { organizationId, membership } of readings) {
    if (membership === null) continue
    const { organization } = membership
    facts.set(
      organizationId,
      keepPrivateMetadata ? organization : { ...organization, privateMetadata: undefined },
    )
  }
  return toStoredJSON([...facts].map(([id, organization]) => ({ id, organization })))
}

function resultOf(row: Row): WriteResult {
  return {
    added: Number(row.added),
    changed: Number(row.changed),
    removed: Number(row.removed),
    fresh: Number(row.fresh),
    heldFor: Math.max(0, Number(row.held_until ?? 0) - Number(row.at)),
    next: momentOf(row),
  }
}
