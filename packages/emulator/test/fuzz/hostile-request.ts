import type { Random } from './random.js'

export interface HostileRequest {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body: Buffer | undefined
}

const userIds = ['user_ada', 'user_bob', 'user_cleo', 'user_none']

/** A request that a broken or ill-meant client might send: a sound one with something wrong, or nonsense. */
export function hostileRequest(random: Random, secretKey: string): HostileRequest {
  const { method, path, body } = random.pick([create, update, patchMetadata, remove, list, get])(
    random,
  )
  return {
    method: random.chance(0.05)
      ? random.pick(['PUT', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'])
      : method,
    path: random.chance(0.2) ? brokenPath(random, path) : path,
    headers: headersOf(random, secretKey),
    body: body === undefined && random.chance(0.9) ? undefined : bodyOf(random, body),
  }
}

type Sound = { method: string; path: string; body?: unknown }

const members = '/v1/organizations/org_acme/memberships'
const member = (random: Random) => `${members}/${random.pick(userIds)}`

function create(random: Random): Sound {
  return {
    method: 'POST',
    path: members,
    body: {
      user_id: random.chance(0.8) ? random.pick(userIds) : oddValue(random),
      role: random.chance(0.8) ? random.pick(['org:admin', 'org:member']) : oddValue(random),
      public_metadata: random.chance(0.5) ? metadata(random, 0) : oddValue(random),
      private_metadata: random.chance(0.5) ? metadata(random, 0) : oddValue(random),
    },
  }
}

function update(random: Random): Sound {
  const role = random.chance(0.5) ? random.pick(['org:admin', 'org:member']) : oddValue(random)
  return { method: 'PATCH', path: member(random), body: { role } }
}

function patchMetadata(random: Random): Sound {
  const body = random.chance(0.1)
    ? oddValue(random)
    : {
        public_metadata: random.chance(0.8) ? metadata(random, 0) : oddValue(random),
        ...(random.chance(0.2) && { private_metadata: oddValue(random) }),
        ...(random.chance(0.1) && { [oddText(random)]: 1 }),
      }
  return { method: 'PATCH', path: `${member(random)}/metadata`, body }
}

function remove(random: Random): Sound {
  return { method: 'DELETE', path: member(random) }
}

const parameters = [
  'limit',
  'offset',
  'order_by',
  'user_id',
  'role',
  'query',
  'email_address',
  'username_query',
  'created_at_before',
  'last_active_at_after',
  '__clerk_api_version',
]

function list(random: Random): Sound {
  const query = Array.from({ length: random.below(5) }, () => {
    const value = random.chance(0.5) ? String(random.below(20)) : oddText(random)
    return `${random.pick(parameters)}=${random.chance(0.7) ? encode(value) : raw(value)}`
  })
  return { method: 'GET', path: `${members}?${query.join('&')}` }
}

function get(random: Random): Sound {
  const path = random.pick([
    '/v1/organization_memberships',
    '/v1/users',
    '/v1/users/count',
    `/v1/users/${random.pick(userIds)}/organization_memberships`,
    `/v1/users/${random.pick(userIds)}`,
    '/v1/organizations/org_acme',
    '/v1/nowhere',
  ])
  return { method: 'GET', path: `${path}?limit=${raw(oddText(random))}` }
}

function metadata(random: Random, depth: number): { [key: string]: unknown } {
  const entries = Array.from({ length: random.below(4) }, () => [
    random.pick(['a', 'b', 'c', '__proto__', 'constructor', 'toString', '']),
    depth < 4 && random.chance(0.4) ? metadata(random, depth + 1) : oddValue(random),
  ])
  return Object.fromEntries(entries) as { [key: string]: unknown }
}

function oddValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => true,
    () => random.below(1e9) - 5e8,
    () => 1e308,
    () => oddText(random),
    () => [null, [random.below(3)], { a: null }],
    () => ({}),
    () => ({ a: null, b: { c: oddText(random) } }),
  ])()
}

const oddTexts = [
  '',
  ' ',
  '+',
  '-',
  '.',
  '..',
  '../..',
  '%',
  '%00',
  '%ff',
  '%2e%2e',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  "' OR 1=1 --",
  '<script>',
  '\u0000',
  '\ud800',
  '\u202e',
  '𝟙',
  'İ',
  '10.0',
  '1e3',
  '0x10',
  '-0',
  '9007199254740993',
  '99999999999999999999',
  'org:admin',
  '-created_at',
  '(a+)+$',
]

function oddText(random: Random): string {
  return random.chance(0.02) ? 'x'.repeat(random.below(9000)) : random.pick(oddTexts)
}

function encode(text: string): string {
  return encodeURIComponent(text.replaceAll('\ud800', ''))
}

/** What may stand in a request line as it is. */
function raw(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '')
}

function brokenPath(random: Random, path: string): string {
  const segments = path.split('/')
  const position = 1 + random.below(segments.length - 1)
  const change = random.pick([
    () => (segments[position] = raw(oddText(random))),
    () => segments.splice(position, 1),
    () => segments.splice(position, 0, ''),
    () => segments.push(''),
    () => (segments[position] = encode(segments[position] ?? '')),
    () => (segments[position] = (segments[position] ?? '').toUpperCase()),
  ])
  change()
  return segments.join('/') || '/'
}

function headersOf(random: Random, secretKey: string): { [name: string]: string } {
  const type = random.chance(0.9)
    ? 'application/json'
    : random.pick([
        'text/plain',
        'application/json; charset=utf-16',
        '',
        'a/b; =',
        'application/xml',
      ])
  return {
    Authorization: random.chance(0.95)
      ? `Bearer ${secretKey}`
      : random.pick(['', 'Bearer', 'Bearer  ', 'Basic x', `bearer ${secretKey}x`]),
    'Content-Type': type,
    ...(random.chance(0.1) && {
      'Clerk-API-Version': random.pick(['2021-02-05', '2026-05-12', '0', 'latest']),
    }),
    ...(random.chance(0.02) && { 'Content-Encoding': random.pick(['gzip', 'identity', 'br']) }),
  }
}

function bodyOf(random: Random, body: unknown): Buffer {
  const bytes = Buffer.from(JSON.stringify(body) ?? raw(oddText(random)))
  if (random.chance(0.75)) return bytes
  return random.pick<() => Buffer>([
    // Cut off, doubled, nested beyond reason, in another encoding, with a key twice, or one byte changed.
    () => bytes.subarray(0, random.below(bytes.length + 1)),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.from(`{"public_metadata":${nested(random, '{"a":', '1', '}')}}`),
    () => Buffer.from(`{"public_metadata":{"a":${nested(random, '[', '', ']')}}}`),
    () => Buffer.from(bytes.toString(), 'utf16le'),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
    () => Buffer.from('{"role":"org:none","role":"org:member","user_id":"user_cleo"}'),
    () => Buffer.from(random.pick(['[]', 'null', '0', '"x"', '{}', '\u0000', '{"a":1e999}'])),
    () => {
      const changed = Buffer.from(bytes)
      if (changed.length > 0) changed[random.below(changed.length)] = random.below(256)
      return changed
    },
  ])()
}

function nested(random: Random, open: string, middle: string, close: string): string {
  const depth = random.below(6000)
  return open.repeat(depth) + middle + close.repeat(depth)
}
