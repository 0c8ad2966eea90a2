import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toPlainJSON } from '../src/contract/index.js'
import {
  isInvalidArgumentError,
  type MetadataPatch,
  mergeMetadata,
  OrganizationMembershipsClient,
} from '../src/index.js'
import { membershipJSON, secretKey, thrownBy } from './fixtures.js'
import { json, ScriptableServer } from './scriptable-server.js'

class Preferences {
  theme = 'dark'
  #secret = 1
  get computed() {
    return this.#secret
  }
  method() {}
}

const thrown = new Error('from the value itself')
const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
})()

/** Values that JSON turns into something else, loses, or cannot read. */
const oddities: readonly (readonly [string, () => unknown])[] = [
  ['a Date', () => new Date(0)],
  ['an invalid Date', () => new Date(Number.NaN)],
  ['a URL', () => new URL('https://a.example/b')],
  ['an instance', () => new Preferences()],
  ['a boxed number', () => Object(-0)],
  ['a boxed NaN', () => Object(Number.NaN)],
  ['a boxed number without a prototype', () => Object.setPrototypeOf(Object(5), null)],
  ['a boxed number with a value of its own', () => Object.assign(Object(1), { valueOf: () => 2 })],
  ['a boxed string', () => Object('x')],
  ['a boxed boolean', () => Object(false)],
  ['a boxed bigint', () => Object(1n)],
  ['a boxed symbol', () => Object(Symbol('x'))],
  ['a boxed number that says it is an object', () => Object.assign(Object(1), tagged('Object'))],
  ['an object that says it is a number', () => ({ ...tagged('Number'), a: 1 })],
  ['minus zero', () => -0],
  ['NaN', () => Number.NaN],
  ['Infinity', () => Infinity],
  ['undefined', () => undefined],
  ['a bigint', () => 1n],
  ['a symbol', () => Symbol('x')],
  ['a function', () => () => 1],
  ['a function with toJSON', () => Object.assign(() => 1, { toJSON: () => 'f' })],
  ['a class', () => Preferences],
  ['a Map', () => new Map([[1, 2]])],
  ['a Set', () => new Set([1])],
  ['a Map with fields', () => Object.assign(new Map(), { a: 1 })],
  ['a subclass of Map', () => new (class Own extends Map {})()],
  ['a WeakMap', () => new WeakMap()],
  ['a RegExp', () => /x/],
  ['an Error', () => new Error('x')],
  ['a Promise', () => Promise.resolve(1)],
  ['URLSearchParams', () => new URLSearchParams('a=1')],
  ['FormData', () => new FormData()],
  ['Headers', () => new Headers()],
  ['an iterator', () => [1].values()],
  ['a generator', () => (function* () {})()],
  ['a typed array', () => new Uint8Array(2)],
  ['a Buffer', () => Buffer.from('x')],
  ['an ArrayBuffer', () => new ArrayBuffer(1)],
  ['arguments', () => argumentsOf()],
  ['a sparse array', () => Object.assign([1], { length: 3 })],
  ['no prototype', () => Object.assign(Object.create(null), { a: 1 })],
  ['inherited fields', () => Object.create({ a: 1 })],
  ['symbol keys', () => ({ [Symbol('a')]: 1, b: 2 })],
  ['own __proto__', () => JSON.parse('{"__proto__":{"a":1}}')],
  ['a hidden field', () => Object.defineProperty({}, 'a', { value: 1 })],
  [
    'an accessor',
    () => ({
      get a() {
        return new Date(0)
      },
    }),
  ],
  [
    'an accessor that throws',
    () => ({
      get a() {
        throw thrown
      },
    }),
  ],
  ['toJSON: null', () => ({ toJSON: () => null })],
  ['toJSON: undefined', () => ({ toJSON: () => undefined })],
  ['toJSON: NaN', () => ({ toJSON: () => Number.NaN })],
  ['toJSON: the key', () => ({ toJSON: (key: string) => ({ key }) })],
  ['toJSON: a Date, which is not converted again', () => ({ toJSON: () => new Date(0) })],
  [
    'toJSON that throws',
    () => ({
      toJSON: () => {
        throw thrown
      },
    }),
  ],
  ['toJSON that never ends', () => endless()],
  ['a toJSON that is no function', () => ({ toJSON: 1 })],
  ['a proxy of an object', () => new Proxy({ a: 1, b: [2] }, {})],
  ['a proxy of an array', () => new Proxy([1, { a: 2 }], {})],
  ['a proxy of a Map', () => new Proxy(new Map([[1, 2]]), {})],
  ['a proxy of a Date', () => new Proxy(new Date(0), {})],
  [
    'a proxy that throws',
    () =>
      new Proxy(
        { a: 1 },
        {
          get() {
            throw thrown
          },
        },
      ),
  ],
  ['a revoked proxy', () => revoked],
  [
    'a cycle',
    () => {
      const a: { b?: unknown } = {}
      a.b = [a]
      return a
    },
  ],
  ['half a surrogate pair', () => '\ud800'],
  [
    '5,000 levels',
    () => {
      let v: unknown = 1
      for (let i = 0; i < 5000; i++) v = { v }
      return v
    },
  ],
]

function tagged(tag: string) {
  return { [Symbol.toStringTag]: tag }
}

function argumentsOf(): unknown {
  return (function () {
    return arguments
  })()
}

function endless(): unknown {
  return { toJSON: () => ({ next: endless() }) }
}

// Functions that make a value: the library looks into values, and some of these stand no look.
type Maker = () => unknown
const key = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', 'constructor', '', 'a b', '0'),
  fc.string(),
)
const { value } = fc.letrec<{ value: Maker; fields: [string, Maker][] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      fc.jsonValue({ maxDepth: 0 }).map((scalar) => () => scalar),
      fc.constantFrom(...oddities).map(([, make]) => make),
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => () => items.map((make) => make())),
    tie('fields').map((fields) => () => withFields({}, fields)),
    tie('fields').map((fields) => () => withFields(new Preferences(), fields)),
  ),
  fields: fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }),
}))

function withFields(object: object, fields: [string, Maker][]): object {
  for (const [name, make] of fields) {
    Object.defineProperty(object, name, { value: make(), enumerable: true, configurable: true })
  }
  return object
}

/** What JSON makes of it, or what it throws. */
function byJSON(given: unknown): { json: unknown } | { error: unknown } {
  try {
    return { json: JSON.parse(JSON.stringify(given)) as unknown }
  } catch (error) {
    return { error }
  }
}

/** The copy; or, where the value is refused with its place, what JSON does with it: both are right. */
function outcomeOf(given: unknown): unknown {
  try {
    const plain = toPlainJSON(given, 'metadata')
    // What is returned is JSON itself.
    expect(byJSON(plain)).toEqual({ json: plain })
    return { json: plain }
  } catch (error) {
    if (!isInvalidArgumentError(error) || error.parameter !== 'metadata') throw error
    if (!/^metadata.* cannot be sent as JSON: /s.test(error.message)) throw error
    return byJSON(given)
  }
}

describe('toPlainJSON', () => {
  it.each(oddities)('%s is what JSON makes of it, or refused', (_, make) => {
    expect(outcomeOf({ x: [make()] })).toEqual(byJSON({ x: [make()] }))
    expect(outcomeOf({ x: make() })).toEqual(byJSON({ x: make() }))
  })

  it('random values are what JSON makes of them, or refused with their place', () => {
    fc.assert(
      fc.property(value, (make) => {
        expect(outcomeOf({ given: make() })).toEqual(byJSON({ given: make() }))
      }),
      { numRuns: 2_000 },
    )
  })

  it.each<[place: string, why: string, given: unknown]>([
    ['metadata.expires', 'it is an invalid Date', { expires: new Date('not a date') }],
    ['metadata.list[1].at', 'it is NaN', { list: [0, { at: Number.NaN }] }],
    ['metadata["a b"]', 'it is a Map', { 'a b': new Map() }],
    ['metadata.a', 'it is an ArrayBuffer', { a: new ArrayBuffer(1) }],
    ['metadata.a', 'it is a URLSearchParams', { a: new URLSearchParams() }],
    ['metadata.a[0]', 'it is undefined', { a: [undefined] }],
    ['metadata.a', 'its toJSON() returns null', { a: { toJSON: () => null } }],
    ['metadata', 'it is a bigint', 1n],
    [
      `metadata.a${'.next'.repeat(9)}…${'.next'.repeat(10)}`,
      'it has more than 4096 levels',
      { a: endless() },
    ],
  ])('%s: %s', (place, why, given) => {
    const error = thrownBy(() => toPlainJSON(given, 'metadata')) as Error
    expect(error.message).toBe(`${place} cannot be sent as JSON: ${why}.`)
    expect(error).not.toHaveProperty('cause')
  })

  it('keeps what a value threw, and says where', () => {
    const given = {
      a: [
        {
          toJSON: () => {
            throw thrown
          },
        },
      ],
    }
    const error = thrownBy(() => toPlainJSON(given, 'metadata')) as Error
    expect(error.message).toMatch(/^metadata\.a\[0\] cannot be sent as JSON: reading it threw/)
    expect(error.cause).toBe(thrown)
  })

  it('says where a cycle closes, and takes an object that stands twice', () => {
    const cycle: { a: { b?: unknown } } = { a: {} }
    cycle.a.b = cycle
    expect((thrownBy(() => toPlainJSON(cycle, 'm')) as Error).message).toBe(
      'm.a.b cannot be sent as JSON: it contains itself.',
    )
    const twice = { x: 1 }
    expect(toPlainJSON([twice, twice], 'm')).toEqual([{ x: 1 }, { x: 1 }])
  })
})

describe('mergeMetadata', () => {
  it('merges what the patch is in JSON', () => {
    const merge = (current: object, patch: object) =>
      mergeMetadata(current as { [key: string]: unknown }, patch as MetadataPatch<object>)
    expect(merge({}, { at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    expect(merge({ at: { by: 1 } }, { at: new Date(0) })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
    })
    expect(merge({ p: { a: 1 } }, { p: new Preferences() })).toEqual({ p: { a: 1, theme: 'dark' } })
    expect(() => merge({}, { at: new Date(Number.NaN) })).toThrow('patch.at cannot be sent')
    expect(() => merge({}, [] as never)).toThrow('patch must be an object; received an array.')
  })
})

describe('the client', () => {
  let server: ScriptableServer
  let client: OrganizationMembershipsClient
  beforeAll(async () => {
    server = await ScriptableServer.start()
    client = new OrganizationMembershipsClient({ secretKey, baseURL: server.baseURL })
  })
  afterAll(() => server.close())
  beforeEach(() => {
    server.reset()
    server.otherwise(json(membershipJSON()))
  })
  const ids = { organizationId: 'org_1', userId: 'user_1' }

  it('sends random values as JSON has them, or refuses them and sends nothing', async () => {
    await fc.assert(
      fc.asyncProperty(value, async (make) => {
        server.requests.length = 0
        const publicMetadata = { given: make() }
        const refused = await client.updateMetadata({ ...ids, publicMetadata }).then(
          () => false,
          (error: unknown) =>
            isInvalidArgumentError(error) &&
            error.parameter === 'publicMetadata' &&
            error.message.startsWith('publicMetadata.given'),
        )
        const sent = server.requests.map(({ body }) => ({ json: JSON.parse(body) as unknown }))
        expect(sent).toEqual(refused ? [] : [byJSON({ public_metadata: publicMetadata })])
      }),
      { numRuns: 200 },
    )
  })

  it('sends what the arguments were at the call', async () => {
    const publicMetadata = { tags: ['a'] }
    const headers: { [name: string]: string } = { 'X-Before': '1' }
    const update = client.updateMetadata({ ...ids, publicMetadata }, { headers })
    publicMetadata.tags.push('b')
    headers['X-After'] = '1'
    await update
    expect(server.last.body).toBe('{"public_metadata":{"tags":["a"]}}')
    expect(server.last.headers).toHaveProperty('x-before')
    expect(server.last.headers).not.toHaveProperty('x-after')
  })

  it('walks the list that was asked for', async () => {
    server.otherwise(json({ data: [], total_count: 0 }))
    const role = ['org:admin']
    const all = client.listAll({ organizationId: 'org_1', role })
    role.push('org:member')
    for await (const _ of all);
    expect(server.last.query.getAll('role')).toEqual(['org:admin'])
  })

  it('compares a member that is read back with what was sent, not with what it is now', async () => {
    const stored = membershipJSON({ public_metadata: { a: 1 } })
    const publicMetadata: { [key: string]: unknown } = { a: 1, b: null }
    server.script(
      (response) => {
        publicMetadata.a = 2
        response.socket?.resetAndDestroy()
      },
      json({ data: [stored], total_count: 1 }),
    )
    const { role } = stored
    const created = await client.create({ ...ids, role, publicMetadata })
    expect(created.publicMetadata).toEqual({ a: 1 })
  })
})
