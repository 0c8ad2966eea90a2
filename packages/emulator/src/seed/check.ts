import * as v from 'valibot'
import {
  type Fields,
  organizationFields,
  organizationMembershipFields,
} from '@org-memberships/core/contract'
import type { Seed } from './seed.js'

/** A seed that cannot be used: every place that is wrong, each with its reason. */
export class SeedError extends Error {
  override readonly name = 'SeedError'
  readonly problems: readonly SeedProblem[]

  constructor(source: string, problems: readonly SeedProblem[]) {
    const shown = problems.slice(0, 20).map(({ path, reason }) => `  ${path}: ${reason}`)
    const more = problems.length > 20 ? `\n  and ${problems.length - 20} more` : ''
    super(`${source} cannot be used:\n${shown.join('\n')}${more}`)
    this.problems = problems
  }
}

export interface SeedProblem {
  /** Such as `organizations[0].memberships[2].role`. */
  readonly path: string
  readonly reason: string
}

export const idSchema = v.pipe(
  v.string('must be a text'),
  v.nonEmpty('must not be empty'),
  v.check((text) => text !== '.' && text !== '..', 'must not be . or .., which a URL swallows'),
)
const time = v.pipe(
  v.number('must be a number of milliseconds since the epoch'),
  v.safeInteger('must be whole milliseconds since the epoch'),
  v.minValue(0, 'must not be before 1970'),
  v.check(
    (value) => value === 0 || value >= 100_000_000_000,
    'looks like seconds; times are milliseconds since the epoch',
  ),
)
const count = v.pipe(
  v.number('must be a number'),
  v.safeInteger('must be a whole number'),
  v.minValue(0, 'must not be negative'),
)
const text = v.string('must be a text')
const flag = v.boolean('must be true or false')
const contact = v.nullish(
  v.union(
    [text, v.array(text, 'must be a text or a list of texts')],
    'must be a text or a list of texts',
  ),
)
// `v.record` drops `__proto__`, which is a key like any other here.
const metadata = v.custom<{ [key: string]: unknown }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
)

const schemas = {
  id: v.optional(idSchema),
  text: v.optional(text),
  flag: v.optional(flag),
  count: v.optional(count),
  time: v.optional(time),
  metadata: v.optional(metadata),
  texts: v.optional(v.array(text, 'must be a list of texts')),
}

/** The schemas of the fields of a table, but for those that are worked out. */
function storedFields(fields: Fields, ...workedOut: string[]): { [key: string]: v.GenericSchema } {
  const stored: { [key: string]: v.GenericSchema } = {}
  for (const [key, { kind, nullable }] of Object.entries(fields)) {
    if (kind === 'object' || kind === 'constant' || workedOut.includes(key)) continue
    stored[key] = nullable ? v.nullish(schemas[kind]) : schemas[kind]
  }
  return stored
}

export const membershipSchema = v.strictObject(
  {
    ...storedFields(organizationMembershipFields, 'role_name', 'permissions'),
    user_id: idSchema,
    role: text,
    managed_by_scim: v.optional(flag),
  },
  unknownKey,
)

export const organizationSchema = v.strictObject(
  {
    ...storedFields(
      organizationFields,
      'has_image',
      'members_count',
      'missing_member_with_elevated_permissions',
    ),
    id: idSchema,
    image_url: v.nullish(text),
    roles: v.optional(v.array(text, 'must be a list of role keys')),
    memberships: v.optional(v.array(membershipSchema, 'must be a list')),
  },
  unknownKey,
)

export const userSchema = v.strictObject(
  {
    id: idSchema,
    first_name: v.nullish(text),
    last_name: v.nullish(text),
    username: v.nullish(text),
    email_address: contact,
    phone_number: contact,
    web3_wallet: contact,
    image_url: v.nullish(text),
    external_id: v.nullish(text),
    banned: v.optional(flag),
    deprovisioned: v.optional(flag),
    public_metadata: v.optional(metadata),
    private_metadata: v.optional(metadata),
    created_at: v.optional(time),
    updated_at: v.optional(time),
    last_active_at: v.nullish(time),
  },
  unknownKey,
)

const role = v.strictObject(
  {
    key: v.pipe(
      text,
      v.regex(/^org:[a-z0-9_]+$/, 'must be org: and lowercase letters, digits or _'),
    ),
    name: v.optional(text),
    permissions: v.nullish(
      v.array(
        v.pipe(
          text,
          v.regex(/^org:[a-z0-9_]+:[a-z0-9_]+$/, 'must have the form org:feature:permission'),
        ),
        'must be a list of permissions',
      ),
    ),
  },
  unknownKey,
)

const seed: v.GenericSchema<unknown, Seed> = v.strictObject(
  {
    users: v.optional(v.array(userSchema, 'must be a list')),
    organizations: v.optional(v.array(organizationSchema, 'must be a list')),
    roles: v.optional(v.array(role, 'must be a list')),
  },
  unknownKey,
)

export function unknownKey(issue: v.StrictObjectIssue): string {
  if (issue.expected === 'never') return 'is not a key of the seed format'
  return issue.received === 'undefined' ? 'is missing' : 'must be an object'
}

/**
 * Checks the form of a seed.
 *
 * @param source what to call it in an error: a file's name, or `The seed`
 * @throws SeedError
 */
export function checkSeed(data: unknown, source: string): Seed {
  return checkForm(seed, data, source, 'the seed')
}

/** @throws SeedError @param whole what to call the value itself in a problem */
export function checkForm<T>(
  schema: v.GenericSchema<unknown, T>,
  data: unknown,
  source: string,
  whole: string,
): T {
  // To valibot an array is an object without the keys.
  if (Array.isArray(data)) {
    throw new SeedError(source, [{ path: whole, reason: 'must be an object' }])
  }
  const result = v.safeParse(schema, data)
  // As it came: the schemas change nothing, and a copy would drop `__proto__` keys.
  if (result.success) return data as T
  throw new SeedError(
    source,
    result.issues.map((issue) => ({ path: pathOf(issue, whole), reason: issue.message })),
  )
}

function pathOf(issue: v.BaseIssue<unknown>, whole: string): string {
  let path = ''
  for (const { key } of issue.path ?? []) {
    path += typeof key === 'number' ? `[${key}]` : `${path === '' ? '' : '.'}${String(key)}`
  }
  return path === '' ? whole : path
}
