/** What the example was asked to be, by its arguments and environment. */
export interface ExampleOptions {
  /** 0 picks a free one. */
  readonly port: number
  /** The address to listen on. Whoever reaches it can be an admin of the demo, so it is this machine only by default. */
  readonly host: string
  /** Set with `--clerk` and never without it. */
  readonly clerk: ClerkOptions | null
}

export interface ClerkOptions {
  /** Where Clerk's Backend API is, without `/v1`. */
  readonly apiOrigin: string
  readonly secretKey: string
  /** Names the instance to the page, which signs in there. Not a secret. */
  readonly publishableKey: string
  readonly organizationId: string
  /** Where the instance's frontend API is, which signs the session tokens. */
  readonly issuer: string
  /** Origins whose session tokens are accepted, beside the page's own. */
  readonly authorizedParties: readonly string[]
}

/** What was wrong with the arguments or the environment, said to whoever typed the command. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Environment {
  readonly [name: string]: string | undefined
}

/**
 * Reads the arguments after `start` and the environment. The presence of a key decides nothing: only `--clerk` points
 * the example at real Clerk.
 *
 * @throws UsageError
 */
export function readOptions(args: readonly string[], environment: Environment): ExampleOptions {
  let isClerk = false
  for (const argument of args) {
    if (argument === '--clerk') isClerk = true
    // `pnpm start -- --clerk` passes the dashes on.
    else if (argument !== '--') {
      throw new UsageError(
        `Unknown argument '${argument}'. There is one: --clerk, which works on real Clerk instead of the emulator.`,
      )
    }
  }
  return {
    port: readPort(environment['PORT']),
    host: environment['HOST'] || '127.0.0.1',
    clerk: isClerk ? readClerkOptions(environment) : null,
  }
}

function readPort(text = ''): number {
  if (text === '') return 3000
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError(
    `PORT is '${text}'; it has to be a number from 0 to 65535 (0 picks a free port).`,
  )
}

const clerkVariables = {
  CLERK_SECRET_KEY: 'sk_test_…, from the API keys page of the Clerk dashboard',
  CLERK_PUBLISHABLE_KEY: 'pk_test_…, from the same page',
  CLERK_ORGANIZATION_ID: 'org_…, the organization to show',
} as const

function readClerkOptions(environment: Environment): ClerkOptions {
  const missing = Object.entries(clerkVariables).filter(([name]) => !environment[name]?.trim())
  if (missing.length > 0) {
    throw new UsageError(
      [
        '--clerk works on a real Clerk instance and needs these in the environment:',
        ...missing.map(([name, meaning]) => `  ${name}=${meaning}`),
        'Without --clerk the example starts its own emulator and needs nothing.',
      ].join('\n'),
    )
  }
  const read = (name: keyof typeof clerkVariables): string => environment[name]?.trim() ?? ''
  if (!read('CLERK_SECRET_KEY').startsWith('sk_')) {
    throw new UsageError('CLERK_SECRET_KEY is not a secret key: those start with sk_.')
  }
  const issuer = issuerOf(read('CLERK_PUBLISHABLE_KEY'))
  assertSameInstance(read('CLERK_SECRET_KEY'), read('CLERK_PUBLISHABLE_KEY'))
  return {
    // The variable that Clerk's own SDKs read; for a proxy, and for the tests of this mode.
    apiOrigin: (environment['CLERK_API_URL'] || 'https://api.clerk.com').replace(/\/+$/, ''),
    secretKey: read('CLERK_SECRET_KEY'),
    publishableKey: read('CLERK_PUBLISHABLE_KEY'),
    organizationId: read('CLERK_ORGANIZATION_ID'),
    issuer,
    authorizedParties: (environment['CLERK_AUTHORIZED_PARTIES'] ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  }
}

/** What keys tell of their instance: whether it is one for development. */
function assertSameInstance(secretKey: string, publishableKey: string): void {
  if (secretKey.startsWith('sk_live_') === publishableKey.startsWith('pk_live_')) return
  throw new UsageError(
    'CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY are of two instances: one says test, the other live. Take both from the same page of the Clerk dashboard.',
  )
}

/** A publishable key is the host of the frontend API in base64, ended by a dollar sign. */
function issuerOf(publishableKey: string): string {
  const encoded = /^pk_(?:test|live)_(.+)$/.exec(publishableKey)?.[1] ?? ''
  const host = Buffer.from(encoded, 'base64').toString('utf8')
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+\$$/i.test(host)) return `https://${host.slice(0, -1)}`
  throw new UsageError(
    'CLERK_PUBLISHABLE_KEY is not a publishable key: those start with pk_test_ or pk_live_ and come from the Clerk dashboard.',
  )
}
