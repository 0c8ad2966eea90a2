import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createEmulator } from '../src/index.js'

// Lists by role have orders of their own, which every change must keep up to date.

const roles = ['org:admin', 'org:member', 'org:a', 'org:b', 'org:c']
const userCount = 12
const seed = {
  users: Array.from({ length: userCount }, (_, index) => ({ id: `user_${index}` })),
  roles: ['org:a', 'org:b', 'org:c'].map((key) => ({ key })),
  organizations: [{ id: 'org_1' }],
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    user: fc.nat(userCount - 1),
    role: fc.constantFrom(...roles),
  }),
  fc.record({ kind: fc.constant('remove' as const), user: fc.nat(userCount - 1) }),
  fc.record({
    kind: fc.constant('rename' as const),
    user: fc.nat(userCount - 1),
    name: fc.string(),
  }),
  fc.record({
    kind: fc.constant('list' as const),
    // Few selections come often, so that each is asked for again after changes; the others push some out.
    roles: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom<string[]>(['org:admin'], ['org:member'], ['org:a', 'org:b']),
      },
      { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...roles), { minLength: 1 }) },
    ),
    order: fc.constantFrom('+created_at', '-created_at', '+first_name'),
    excluded: fc.nat(userCount - 1),
  }),
  fc.record({ kind: fc.constant('reset' as const) }),
)

it('answer what a filter over the whole list would, whatever changed in between', async () => {
  await using emulator = await createEmulator({ seed, port: false, keptRequests: 0 })
  const send = async (method: string, path: string, body?: object) => {
    const response = await emulator.fetch(`${emulator.url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${emulator.secretKey}`,
        'Clerk-API-Version': '2026-05-12',
        'Content-Type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await response.json()) as {
      data: { role: string; public_user_data: { user_id: string } }[]
      total_count: number
    }
  }
  const members = '/organizations/org_1/memberships'
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      await emulator.reset()
      const pages: unknown[] = []
      const models: unknown[] = []
      for (const each of steps) {
        if (each.kind === 'reset') await emulator.reset()
        else if (each.kind === 'rename') {
          await emulator.updateUser(`user_${each.user}`, { first_name: each.name })
        } else if (each.kind === 'remove') {
          await send('DELETE', `${members}/user_${each.user}`)
        } else if (each.kind === 'put') {
          const { role } = each
          const user_id = `user_${each.user}`
          await send('POST', members, { user_id, role })
          await send('PATCH', `${members}/${user_id}`, { role })
        } else {
          const order = `order_by=${encodeURIComponent(each.order)}`
          const chosen = each.roles.map((role) => `role=${role}`).join('&')
          const whole = await send('GET', `${members}?limit=500&${order}`)
          const wanted = whole.data.filter(
            ({ role, public_user_data: { user_id } }) =>
              each.roles.includes(role) && user_id !== `user_${each.excluded}`,
          )
          const path = `${members}?limit=2&offset=1&${order}&${chosen}&user_id=-user_${each.excluded}`
          pages.push(await send('GET', path))
          models.push({ data: wanted.slice(1, 3), total_count: wanted.length })
        }
      }
      expect(pages).toEqual(models)
    }),
    { numRuns: 40 },
  )
})
