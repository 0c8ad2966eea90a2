import { parseArgs } from 'node:util'
import type { EmulatorOptions } from '../options.js'
import type { RateLimit } from '../server/rate-limit.js'
import { UsageError } from './usage-error.js'

/** Known to everybody, so the names under which it is served are limited. */
const defaultKey = 'sk_test_local'

export const help = `Usage: org-memberships-emulator [options]

A local server that behaves as Clerk's Organization Memberships API does.

  --port <number>             port to listen on; 0 takes a free one (default 9899)
  --host <address>            address to listen on (default 127.0.0.1, this machine only)
  --seed <file>               what the instance holds at the start; .json, .yaml or .yml
  --secret-key <key>          the key that requests must carry (default sk_test_local)
  --allow-host <name>         another name under which to serve the default key, such as a container's; may be given
                              several times (default this machine's own, and --host)
  --data-file <file>          keep the state over restarts; wins over --seed once it is there
  --latency <ms>              time that each request takes (default 0)
  --rate-limit <limit>        development, production, or requests in 10 s of one endpoint (default off)
  --last-admin-rule <rule>    always, never or by-version (default by-version)
  --webhook-url <url>         where to send an event of each change
  --webhook-secret <secret>   whsec_…, to sign events with (default a new one, printed at the start)
  --token <user>              print a session token of a user, good for 24 h, at the start; USER_ID, active in the
                              first organization of the user, or USER_ID@ORGANIZATION_ID; may be given several times
  --token-version <version>   which claims the tokens have: 2, or the deprecated 1 (default 2)
  --azp <origin>              the origin (azp) that the tokens are for, such as http://localhost:3000 (default none)
  --quiet                     do not print a line for each request
  --version                   print the version
  --help                      print this text
`

export type Asked =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'serve'
      readonly options: EmulatorOptions
      readonly isQuiet: boolean
      /** `USER_ID` or `USER_ID@ORGANIZATION_ID` */
      readonly tokens: readonly string[]
      readonly azp: string | undefined
      readonly tokenVersion: 1 | 2
    }

/** @throws UsageError naming the flag at fault */
export function readFlags(args: readonly string[]): Asked {
  const values = parse(args)
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  const { seed, latency, 'data-file': dataFile } = values
  const webhookSecret = values['webhook-secret']
  const webhookURL = values['webhook-url']
  if (webhookSecret !== undefined && webhookURL === undefined) {
    throw new UsageError('--webhook-secret needs --webhook-url.')
  }
  return {
    kind: 'serve',
    isQuiet: values.quiet,
    tokens: values.token,
    azp: readAZP(values.azp, values.token),
    tokenVersion: readChoice('token-version', values['token-version'], ['1', '2']) === '1' ? 1 : 2,
    options: {
      port: readPort(values.port),
      host: values.host,
      secretKey: readSecretKey(values['secret-key']),
      lastAdminRule: readChoice('last-admin-rule', values['last-admin-rule'], [
        'by-version',
        'always',
        'never',
      ]),
      rateLimit: readRateLimit(values['rate-limit']),
      latency: readNumber('latency', latency),
      ...(values['secret-key'] === defaultKey && { allowedHosts: values['allow-host'] }),
      ...(seed !== undefined && { seed }),
      ...(dataFile !== undefined && { dataFile }),
      ...(webhookURL !== undefined && {
        webhooks: {
          url: webhookURL,
          ...(webhookSecret !== undefined && { secret: webhookSecret }),
        },
      }),
    },
  }
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '9899' },
        host: { type: 'string', default: '127.0.0.1' },
        seed: { type: 'string' },
        'secret-key': { type: 'string', default: defaultKey },
        'data-file': { type: 'string' },
        latency: { type: 'string', default: '0' },
        'rate-limit': { type: 'string', default: 'off' },
        'last-admin-rule': { type: 'string', default: 'by-version' },
        'webhook-url': { type: 'string' },
        'webhook-secret': { type: 'string' },
        token: { type: 'string', multiple: true, default: [] },
        'token-version': { type: 'string', default: '2' },
        'allow-host': { type: 'string', multiple: true, default: [] },
        azp: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error })
  }
}

function readPort(text: string): number {
  const port = readNumber('port', text)
  if (Number.isInteger(port) && port <= 65_535) return port
  throw new UsageError(`--port takes a whole number from 0 to 65535; received '${text}'.`)
}

function readSecretKey(key: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key
  throw new UsageError('--secret-key takes visible ASCII characters and no spaces.')
}

/** A browser's origin has no path and no slash at its end, and tokens are compared with it letter by letter. */
function readAZP(text: string | undefined, tokens: readonly string[]): string | undefined {
  if (text === undefined) return undefined
  if (tokens.length === 0) throw new UsageError('--azp needs --token.')
  if (/^[a-z][a-z\d+.-]*:\/\/[^\s/?#]+$/.test(text)) return text
  throw new UsageError(
    `--azp takes an origin without a path, such as http://localhost:3000; received '${text}'.`,
  )
}

function readNumber(flag: string, text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(number) && number >= 0) return number
  throw new UsageError(`--${flag} takes a number that is not negative; received '${text}'.`)
}

function readChoice<const Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === text)
  if (choice !== undefined) return choice
  throw new UsageError(`--${flag} takes ${choices.join(', ')}; received '${text}'.`)
}

function readRateLimit(text: string): RateLimit {
  if (text === 'off') return false
  if (/^[1-9]\d*$/.test(text)) return { requests: Number(text) }
  return readChoice('rate-limit', text, ['development', 'production'])
}
