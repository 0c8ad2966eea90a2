import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type ClerkErrorCode,
  clerkErrorJSON,
  clerkErrors,
  requestErrors,
} from '../src/contract/index.js'

const contract = readFileSync(new URL('../../../docs/contract.md', import.meta.url), 'utf8')

/** The status of each code in the tables of section 7 and later. */
const documented = new Map(
  [...contract.matchAll(/^\| (\d{3})\s*\| `(\w+)`/gm)].map(([, status, code]) => [
    code,
    Number(status),
  ]),
)

describe('clerkErrors', () => {
  it.each(Object.entries(clerkErrors))('%s has the status of the contract', (_, error) => {
    expect(documented.get(error.code)).toBe(error.status)
  })

  it('puts values into the texts, as they are', () => {
    expect(clerkErrorJSON('alreadyMember', { user_id: 'user_{user_id}$&' })).toEqual({
      message: 'already a member',
      long_message: 'User user_{user_id}$& is already a member of the organization.',
      code: 'already_a_member_in_organization',
    })
  })

  it('names the parameter in meta', () => {
    expect(requestErrors.wrongType('role', 7, 'string')).toEqual({
      message: 'is invalid',
      long_message: 'role is invalid. Received number, must be of type string.',
      code: 'form_param_value_invalid',
      meta: { param_name: 'role' },
    })
    expect(clerkErrorJSON('roleNotFound').meta).toEqual({ param_name: 'role' })
    expect(clerkErrorJSON('resourceNotFound')).not.toHaveProperty('meta')
  })

  it('asks for the values that a text names, and for no others', () => {
    // @ts-expect-error -- the user's id is missing
    expect(clerkErrorJSON('alreadyMember').long_message).toContain('{user_id}')
    // @ts-expect-error -- nothing to put in
    clerkErrorJSON('resourceLocked', { user_id: 'user_1' })
    expectTypeOf<'resource_not_found'>().toExtend<ClerkErrorCode>()
    expectTypeOf<string>().not.toExtend<ClerkErrorCode>()
  })
})
