import type { Database } from '../../src/database/database.js'

/** Plans each statement once: thousands of schedules in one session run the same few. */
export function preparing(database: Database, exec: (sql: string) => Promise<unknown>): Database {
  const names = new Map<string, string>()
  return {
    ...database,
    async query(text, values) {
      let name = names.get(text)
      if (name === undefined) {
        name = `prepared_${names.size}`
        names.set(text, name)
        const types = values.length === 0 ? '' : `(${values.map(() => 'text').join(', ')})`
        await exec(`set plan_cache_mode = force_generic_plan; prepare ${name}${types} as ${text}`)
      }
      const given = values.map((value) =>
        value === null ? 'null' : `'${value.replaceAll("'", "''")}'`,
      )
      return database.query(
        `execute ${name}${given.length === 0 ? '' : `(${given.join(', ')})`}`,
        [],
      )
    },
  }
}
