import { describe, expect, test } from 'vitest'
import { readOptions, UsageError } from '../api/options.js'

const publishableKeyOf = (host: string): string =>
  `pk_test_${Buffer.from(`${host}$`).toString('base64')}`

const keys = {
  CLERK_SECRET_KEY: 'sk_test_1',
  CLERK_PUBLISHABLE_KEY: publishableKeyOf('clerk.example.com'),
  CLERK_ORGANIZATION_ID: 'org_1',
}

test('asks for nothing: port 3000 of this machine, and no Clerk', () => {
  expect(readOptions([], {})).toEqual({ port: 3000, host: '127.0.0.1', clerk: null })
})

test('a key in the environment does not choose Clerk', () => {
  expect(readOptions([], keys).clerk).toBeNull()
})

test('--clerk takes the keys, also after the dashes of a package manager', () => {
  const environment = {
    ...keys,
    CLERK_SECRET_KEY: ' sk_test_1\n',
    CLERK_AUTHORIZED_PARTIES: 'https://a.example, https://b.example,',
  }
  expect(readOptions(['--', '--clerk'], environment).clerk).toEqual({
    apiOrigin: 'https://api.clerk.com',
    secretKey: 'sk_test_1',
    publishableKey: keys.CLERK_PUBLISHABLE_KEY,
    organizationId: 'org_1',
    issuer: 'https://clerk.example.com',
    authorizedParties: ['https://a.example', 'https://b.example'],
  })
})

describe('says what is wrong', () => {
  test.each([
    [[], { PORT: 'eighty' }, /PORT is 'eighty'; it has to be a number/],
    [[], { PORT: '65536' }, /PORT is '65536'/],
    [[], { PORT: '-1' }, /PORT is '-1'/],
    [[], { PORT: '3e3' }, /PORT is '3e3'/],
    [['--clark'], {}, /Unknown argument '--clark'/],
    [
      ['--clerk'],
      { ...keys, CLERK_SECRET_KEY: 'pk_test_1' },
      /CLERK_SECRET_KEY is not a secret key/,
    ],
    [['--clerk'], { ...keys, CLERK_PUBLISHABLE_KEY: 'pk_test_!' }, /is not a publishable key/],
    [['--clerk'], { ...keys, CLERK_PUBLISHABLE_KEY: 'sk_test_1' }, /is not a publishable key/],
    [
      ['--clerk'],
      { ...keys, CLERK_PUBLISHABLE_KEY: publishableKeyOf('example.com; script-src *') },
      /is not a publishable key/,
    ],
    [['--clerk'], { ...keys, CLERK_SECRET_KEY: 'sk_live_1' }, /are of two instances/],
  ])('%j with %j', (args, environment, says) => {
    const read = () => readOptions(args, environment as { [name: string]: string })
    expect(read).toThrow(UsageError)
    expect(read).toThrow(says)
  })

  test('names each key that is missing, and only those', () => {
    const read = (environment: object) => () => readOptions(['--clerk'], { ...environment })

    expect(read({})).toThrow(
      /CLERK_SECRET_KEY=.*\n.*CLERK_PUBLISHABLE_KEY=.*\n.*CLERK_ORGANIZATION_ID=/,
    )
    expect(read({ ...keys, CLERK_ORGANIZATION_ID: ' ' })).toThrow(
      /environment:\n {2}CLERK_ORGANIZATION_ID=/,
    )
  })
})
