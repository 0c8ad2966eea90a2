import { defaultRoles, type Role } from '../store/roles.js'
import { SeedError, type SeedProblem } from './check.js'
import type { Seed } from './seed.js'

const maximumCustomRoles = 10

/**
 * Checks what only the whole seed can show: ids that are there twice, users and roles that are not there.
 *
 * @throws SeedError
 */
export function assertConsistent(seed: Seed, roles: readonly Role[], source: string): void {
  const problems: SeedProblem[] = []
  const roleKeys = new Set(roles.map(({ key }) => key))
  const custom = roles.length - defaultRoles.length
  if (custom > maximumCustomRoles) {
    problems.push({
      path: 'roles',
      reason: `holds ${custom} custom roles; an instance has at most ${maximumCustomRoles}`,
    })
  }
  const findTwice = (ids: readonly string[], path: (index: number) => string) => {
    const seen = new Set<string>()
    for (const [index, id] of ids.entries()) {
      if (seen.has(id)) problems.push({ path: path(index), reason: `'${id}' is there twice` })
      seen.add(id)
    }
    return seen
  }
  const organizations = seed.organizations ?? []
  findTwice(
    (seed.roles ?? []).map(({ key }) => key),
    (index) => `roles[${index}].key`,
  )
  const userIds = findTwice(
    (seed.users ?? []).map(({ id }) => id),
    (index) => `users[${index}].id`,
  )
  findTwice(
    organizations.map(({ id }) => id),
    (index) => `organizations[${index}].id`,
  )
  const membershipIds = new Set<string>()
  for (const [index, { memberships = [], roles: allowed }] of organizations.entries()) {
    const place = `organizations[${index}]`
    for (const [position, key] of (allowed ?? []).entries()) {
      if (!roleKeys.has(key)) {
        problems.push({ path: `${place}.roles[${position}]`, reason: `'${key}' is not a role` })
      }
    }
    findTwice(
      memberships.map(({ user_id }) => user_id),
      (position) => `${place}.memberships[${position}].user_id`,
    )
    for (const [position, { id, user_id: userId, role }] of memberships.entries()) {
      const row = `${place}.memberships[${position}]`
      if (!userIds.has(userId)) {
        problems.push({ path: `${row}.user_id`, reason: `'${userId}' is not among the users` })
      }
      if (!roleKeys.has(role)) {
        problems.push({
          path: `${row}.role`,
          reason: `'${role}' is not a role; there are ${[...roleKeys].join(', ')}`,
        })
      } else if (allowed !== undefined && !allowed.includes(role)) {
        problems.push({ path: `${row}.role`, reason: `'${role}' is not among this one's roles` })
      }
      if (id === undefined) continue
      if (membershipIds.has(id)) {
        problems.push({ path: `${row}.id`, reason: `'${id}' is there twice` })
      }
      membershipIds.add(id)
    }
  }
  if (problems.length > 0) throw new SeedError(source, problems)
}
