import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as core from '../src/index.js'

const request = { method: 'GET', path: '/organizations/org_1/memberships' } as const
const details = { status: 404, errors: [] }

const family = {
  OrganizationMembershipsError: new core.OrganizationMembershipsError('x'),
  InvalidArgumentError: new core.InvalidArgumentError('limit', 'x'),
  ConnectionError: new core.ConnectionError(request, 'x'),
  TimeoutError: new core.TimeoutError(request, 5),
  ResponseParseError: new core.ResponseParseError(request, 200, 'x'),
  RedirectError: new core.RedirectError(request),
  APIError: new core.APIError(request, details),
  BadRequestError: new core.BadRequestError(request, details),
  AuthenticationError: new core.AuthenticationError(request, details),
  PermissionDeniedError: new core.PermissionDeniedError(request, details),
  NotFoundError: new core.NotFoundError(request, details),
  ConflictError: new core.ConflictError(request, details),
  UnprocessableEntityError: new core.UnprocessableEntityError(request, details),
  RateLimitError: new core.RateLimitError(request, details),
  InternalServerError: new core.InternalServerError(request, details),
}
type ErrorName = keyof typeof family

const guards: Record<ErrorName, (value: unknown) => boolean> = {
  OrganizationMembershipsError: core.isOrganizationMembershipsError,
  InvalidArgumentError: core.isInvalidArgumentError,
  ConnectionError: core.isConnectionError,
  TimeoutError: core.isTimeoutError,
  ResponseParseError: core.isResponseParseError,
  RedirectError: core.isRedirectError,
  APIError: core.isAPIError,
  BadRequestError: core.isBadRequestError,
  AuthenticationError: core.isAuthenticationError,
  PermissionDeniedError: core.isPermissionDeniedError,
  NotFoundError: core.isNotFoundError,
  ConflictError: core.isConflictError,
  UnprocessableEntityError: core.isUnprocessableEntityError,
  RateLimitError: core.isRateLimitError,
  InternalServerError: core.isInternalServerError,
}
const names = Object.keys(family) as ErrorName[]
const apiErrors = names.slice(names.indexOf('APIError'))

function kindsOf(name: ErrorName): ErrorName[] {
  if (name === 'OrganizationMembershipsError') return [name]
  const api: ErrorName[] = apiErrors.includes(name) ? ['APIError'] : []
  return ['OrganizationMembershipsError', ...api, name]
}

describe.each(names)('%s', (name) => {
  const error = family[name]

  it('is an Error with its own name', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(core.OrganizationMembershipsError)
    expect(error.name).toBe(name)
    expect(String(error)).toMatch(new RegExp(`^${name}: `))
    expect(inspect(error)).toMatch(new RegExp(`^${name}: `))
    expect(Object.keys(error)).not.toContain('name')
  })

  it('is recognised by its own guard and those above it, and by no other', () => {
    const recognised = names.filter((guard) => guards[guard](error))
    expect(new Set(recognised)).toEqual(new Set(kindsOf(name)))
  })
})

describe('guards', () => {
  it('recognise errors of another copy of this package, which instanceof does not', async () => {
    // Another URL is another module, as another copy in node_modules would be.
    const address: string = '../src/errors.js?second-copy'
    const copy: typeof core = await import(/* @vite-ignore */ address)
    expect(copy.NotFoundError).not.toBe(core.NotFoundError)
    for (const name of apiErrors) {
      const foreign = new copy[name as 'NotFoundError'](request, details)
      expect(foreign).not.toBeInstanceOf(core.OrganizationMembershipsError)
      expect(guards[name](foreign)).toBe(true)
      expect(core.isAPIError(foreign)).toBe(true)
      expect(core.isConnectionError(foreign)).toBe(false)
    }
  })

  it.each([undefined, null, 'NotFoundError', 5, {}, new Error('x'), { name: 'NotFoundError' }])(
    'say no to %s',
    (value) => {
      for (const name of names) expect(guards[name](value)).toBe(false)
    },
  )
})

describe('a message', () => {
  it('says method, path, status, code and what the server said', () => {
    const error = new core.NotFoundError(request, {
      status: 404,
      errors: [
        { code: 'resource_not_found', message: 'not found', long_message: 'No such user.' },
        { code: 'other', message: 'x', long_message: 'y' },
      ],
    })
    expect(error.message).toBe(
      'GET /organizations/org_1/memberships was refused with 404 resource_not_found: No such user.',
    )
    expect(error.code).toBe('resource_not_found')
    expect(error.errors).toHaveLength(2)
  })
})
