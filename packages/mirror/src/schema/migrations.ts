/** One step of the schema. Steps go forwards only, and code of the step before keeps working beside the new tables. */
export interface Migration {
  readonly version: number
  /** The lowest version of the code that still works with the tables after this step. */
  readonly oldestCode: number
  /**
   * The statements, one each.
   *
   * @param schema the schema's name, quoted
   */
  statements(schema: string): string[]
}

/**
 * The tables. Times are milliseconds since the epoch by the database's clock; the clock of a process never counts.
 *
 * A *version* is a number from the sequence `versions`, our order of things. A hint takes one, and a read takes one before
 * it begins, so a row is known to be fresh when the read that brought it has a higher version than every hint:
 *
 * ```
 * versions  4 hint ......... 5 read begins │ API answers ............ │ write with version 5: 4 ≤ 5, fresh
 *                 7 hint during the read → stale_version = 7          │ write with version 5: content stored, 7 > 5, stale
 * ```
 */
export const migrations: readonly Migration[] = [
  {
    version: 1,
    oldestCode: 1,
    statements: (schema) => [
      `-- CACHE stays 1: a session that took numbers in advance would hand out low ones late.
create sequence ${schema}.versions as bigint cache 1`,
      `create table ${schema}.memberships (
  organization_id text collate "C" not null,
  user_id text collate "C" not null,
  -- The membership without its organization; null: not a member, or not read yet.
  membership jsonb,
  -- The version of the read that brought this content, taken before that read began; 0: never read.
  version bigint not null default 0,
  read_at bigint not null default 0,
  -- The version of the newest hint that no read has answered; null: fresh.
  stale_version bigint,
  -- Only a read that began at this time or later makes the row fresh.
  stale_until bigint not null default 0,
  -- When a stale row is to be read next, and until when a process is at it.
  due_at bigint not null default 0,
  lease_until bigint not null default 0,
  attempts integer not null default 0,
  -- Writes through the mirror whose outcome is not known yet, and until when they may still act: { version: ms }.
  pending_writes jsonb not null default '{}',
  -- The response to a write of ours is not replaced by a read that began before this time: a replica may be behind it.
  response_until bigint not null default 0,
  -- The lower case of names, by which lists are ordered and searched. Databases make it each in their own way.
  sort_first_name text collate "C",
  sort_last_name text collate "C",
  sort_username text collate "C",
  membership_id text collate "C" generated always as (membership ->> 'id') stored,
  role text collate "C" generated always as (membership ->> 'role') stored,
  created_at bigint generated always as ((membership ->> 'createdAt')::bigint) stored,
  updated_at bigint generated always as ((membership ->> 'updatedAt')::bigint) stored,
  first_name text collate "C" generated always as (membership #>> '{publicUserData,firstName}') stored,
  last_name text collate "C" generated always as (membership #>> '{publicUserData,lastName}') stored,
  username text collate "C" generated always as (membership #>> '{publicUserData,username}') stored,
  identifier text collate "C" generated always as (membership #>> '{publicUserData,identifier}') stored,
  primary key (organization_id, user_id)
)`,
      `create index memberships_due on ${schema}.memberships (due_at) where stale_version is not null`,
      `create index memberships_stale on ${schema}.memberships (organization_id, user_id) where stale_version is not null`,
      `create index memberships_by_age on ${schema}.memberships (organization_id, created_at, membership_id) include (user_id) where membership is not null`,
      `create index memberships_by_role on ${schema}.memberships (organization_id, role, created_at, membership_id) include (user_id) where membership is not null`,
      ...['first_name', 'last_name', 'username'].map(
        (name) =>
          `create index memberships_by_${name} on ${schema}.memberships (organization_id, sort_${name}, created_at, membership_id) include (user_id, role) where membership is not null`,
      ),
      `create index memberships_of_user on ${schema}.memberships (user_id, created_at, membership_id)`,
      `create table ${schema}.organizations (
  organization_id text collate "C" primary key,
  -- What memberships embed, as it was read last; null: never read.
  organization jsonb,
  version bigint not null default 0,
  read_at bigint not null default 0,
  stale_version bigint,
  stale_until bigint not null default 0,
  -- How many of its rows are members, kept by every write.
  member_count bigint not null default 0,
  -- The same by role: { role: count }.
  role_counts jsonb not null default '{}',
  -- No refresh reads the organization again before this time: a burst of hints becomes few requests.
  next_read_at bigint not null default 0,
  -- The newest reconcile that has listed the organization whole: its version and when it began. Null: never.
  listed_version bigint,
  listed_at bigint,
  -- When the newest check began that found the number of members and the newest of them as they are here.
  checked_at bigint not null default 0,
  check_lease_until bigint not null default 0,
  -- The reconcile that is under way: its version, its start, and where it goes on.
  reconcile_version bigint,
  reconcile_started_at bigint,
  reconcile_progress jsonb,
  -- A check found a difference, or the organization is new. Null: it is left to the reconcile of the whole instance.
  reconcile_due_at bigint,
  reconcile_lease_until bigint not null default 0,
  -- The change that runs now, under withOrganization: whose it is, and until when.
  change_lease text,
  change_lease_until bigint not null default 0,
  -- A change ended without a known outcome: only a count of reads that began at this time or later is good.
  recount_after bigint
)`,
      `create index organizations_stale on ${schema}.organizations (stale_until) where stale_version is not null`,
      `create index organizations_reconcile on ${schema}.organizations (reconcile_due_at) where reconcile_due_at is not null`,
      `-- Organizations and users that are said to be gone. Reads that began before do not make their rows fresh.
create table ${schema}.deleted_entities (
  id text collate "C" primary key,
  version bigint not null,
  until bigint not null
)`,
      `create table ${schema}.changes (
  number bigint primary key,
  at bigint not null,
  organization_id text collate "C" not null,
  user_id text collate "C" not null,
  kind text not null,
  before jsonb,
  after jsonb,
  source text not null,
  actor text
)`,
      `create index changes_of_user on ${schema}.changes (user_id)`,
      `create index changes_at on ${schema}.changes (at)`,
      `-- One row. Its lock is the order of the feed: numbers are handed out in the order of commits.
create table ${schema}.feed (
  one boolean primary key default true check (one),
  last bigint not null default 0,
  pruned bigint not null default 0
)`,
      `insert into ${schema}.feed default values`,
      `create table ${schema}.mirror_state (
  one boolean primary key default true check (one),
  instance_id text,
  -- Reads of a lower version are refused: what they could contradict has been pruned.
  floor_version bigint not null default 0,
  -- The newest reconcile of the whole instance.
  listed_version bigint,
  listed_at bigint,
  reconcile_version bigint,
  reconcile_started_at bigint,
  reconcile_progress jsonb,
  reconcile_due_at bigint not null default 0,
  reconcile_lease_until bigint not null default 0
)`,
      `insert into ${schema}.mirror_state default values`,
    ],
  },
]
