import { memberships } from './memberships.js'

export async function follow(
  after: number,
  store: (line: string, number: number) => Promise<void>,
) {
  for await (const {
    number,
    kind,
    organizationId,
    userId,
    before,
    after: now,
  } of memberships.changes({ after })) {
    const roles = `${before?.role ?? 'nobody'} → ${now?.role ?? 'nobody'}`
    await store(`${kind} ${userId} in ${organizationId}: ${roles}`, number)
  }
}
