export type { Database, Queryable, Row } from './database/database.js'
export {
  DatabaseError,
  InstanceMismatchError,
  MirrorError,
  NotMirroredError,
  SchemaError,
} from './errors.js'
export {
  checkSchema,
  migrate,
  migrationSQL,
  privilegesSQL,
  type SchemaOptions,
} from './schema/migrate.js'
