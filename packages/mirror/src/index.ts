export type { Database, Queryable, Row } from './database/database.js'
export {
  ChangesPrunedError,
  DatabaseError,
  InstanceMismatchError,
  MirrorError,
  NotMirroredError,
  OrganizationChangeError,
  SchemaError,
  UnconfirmedRemovalError,
} from './errors.js'
export type { ChangedMembership, ChangesParams, MembershipChange } from './feed/feed.js'
export { createOrganizationMembershipsMirror, OrganizationMembershipsMirror } from './mirror.js'
export type { MirroredClient, MirrorOptions } from './options.js'
export type { Inspection } from './reading/inspect.js'
export type { MirrorEvent, Receipt } from './receive.js'
export type { ReconcileParams } from './refresh/reconcile.js'
export type { RefreshParams, RefreshReport } from './refresh/refresh.js'
export type { ChangeSource } from './rows/write.js'
export {
  checkSchema,
  migrate,
  migrationSQL,
  privilegesSQL,
  type SchemaOptions,
} from './schema/migrate.js'
export type { OrganizationChange, OrganizationChangeOptions } from './writes/organization-change.js'
export type { MirrorWriteOptions } from './writes/own-writes.js'
