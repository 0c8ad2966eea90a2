import {
  ConflictError,
  ConnectionError,
  InternalServerError,
  InvalidArgumentError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  TimeoutError,
} from '@org-memberships/core'
import { expect, test } from 'vitest'
import { meaningOf } from '../src/writes/rules.js'

const request = { method: 'PATCH', path: '/' } as const
const about = (parameter: string) => [
  { code: 'c', message: '', long_message: '', meta: { param_name: parameter } },
]

test.for([
  ['an argument of the caller', new InvalidArgumentError('role', ''), 'refused'],
  ['403', new PermissionDeniedError(request, { status: 403, errors: [] }), 'refused'],
  ['409', new ConflictError(request, { status: 409, errors: [] }), 'refused'],
  ['429', new RateLimitError(request, { status: 429, errors: [] }), 'refused'],
  ['404', new NotFoundError(request, { status: 404, errors: [] }), 'gone'],
  ['404 of a role', new NotFoundError(request, { status: 404, errors: about('role') }), 'refused'],
  ['500', new InternalServerError(request, { status: 500, errors: [] }), 'unknown'],
  ['a timeout', new TimeoutError(request, 10), 'unknown'],
  ['a lost connection', new ConnectionError(request, ''), 'unknown'],
  [
    '403 after an answer that was lost',
    new PermissionDeniedError(request, { status: 403, errors: [], afterLostAnswer: true }),
    'unknown',
  ],
  [
    '404 after an answer that was lost',
    new NotFoundError(request, { status: 404, errors: [], afterLostAnswer: true }),
    'gone',
  ],
  ['whatever a client throws', 'no', 'unknown'],
] as const)('what a failed write means: %s', ([, error, meaning]) => {
  expect(meaningOf(error, 'update')).toBe(meaning)
})

test('a create that is answered 404 was refused', () => {
  const error = new NotFoundError(request, { status: 404, errors: [] })
  expect(meaningOf(error, 'create')).toBe('refused')
})
