import { InvalidArgumentError } from '@org-memberships/core'

export const defaultSchema = 'organization_memberships'

/**
 * The name, quoted for SQL.
 *
 * @throws InvalidArgumentError for a name that needs quoting elsewhere, or that PostgreSQL would cut off
 */
export function quoteSchema(name: string): string {
  if (typeof name === 'string' && /^[a-z_][a-z0-9_]{0,59}$/.test(name) && !name.startsWith('pg_')) {
    return `"${name}"`
  }
  throw new InvalidArgumentError(
    'schema',
    `schema must be 1 to 60 lower-case letters, digits and underscores, and begin with a letter: it is ${JSON.stringify(name)}.`,
  )
}
