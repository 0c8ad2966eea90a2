import { InvalidArgumentError } from './errors.js'

// The one rule for what is JSON. What is merged, compared, shown or sent has gone through here first.

export type JSONObject = { [key: string]: unknown }

/** True for a JSON object: neither null nor an array, nor a built-in such as a Map or a Buffer. */
export function isJSONObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && tagOf(value) === 'Object'
}

/** One object or array that is being copied. */
interface Frame {
  readonly source: JSONObject
  readonly copy: JSONObject
  /** `undefined` for an array, whose keys are 0 to `length` - 1. */
  readonly keys: readonly string[] | undefined
  readonly length: number
  next: number
}

/** 8 kB of metadata hold no more levels. Without a limit, a `toJSON` that makes a new object each time would never end. */
const deepest = 4_096

/**
 * A copy of a value as JSON carries it: what `JSON.parse(JSON.stringify(value))` returns. A Date, a URL and whatever else
 * has a `toJSON` becomes what that returns; of an instance of a class its own enumerable fields count. What JSON would
 * drop, empty or turn into `null` is refused instead: upstream, `null` removes a key.
 *
 * @param parameter what the value is given as, such as `publicMetadata`
 * @throws InvalidArgumentError naming the place, such as `publicMetadata.tags[0]`; where reading a value failed, `cause`
 * holds what it threw
 */
export function toPlainJSON(value: unknown, parameter: string): unknown {
  const frames: Frame[] = []
  const open = new Set<object>()

  const copyOf = (given: unknown, key: string): unknown => {
    const json = scalarOrObject(given, key)
    if (typeof json !== 'object' || json === null) return json
    if (open.has(json)) throw new Unsendable('it contains itself')
    if (frames.length === deepest) throw new Unsendable(`it has more than ${deepest} levels`)
    open.add(json)
    const source = json as JSONObject
    const keys = Array.isArray(json) ? undefined : Object.keys(json)
    const length = keys?.length ?? Math.max(0, Math.trunc(Number(source.length)) || 0)
    const copy = (keys === undefined ? [] : {}) as JSONObject
    frames.push({ source, copy, keys, length, next: 0 })
    return copy
  }

  try {
    const root = copyOf(value, '')
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (frame.next === frame.length) {
        open.delete(frame.source)
        frames.pop()
        continue
      }
      frame.next++
      const { source, copy, keys } = frame
      const key = keyOf(frame)
      const item = copyOf(source[key], key)
      if (item !== undefined) setOwnKey(copy, key, item)
      else if (keys === undefined) throw new Unsendable('it is undefined')
    }
    return root
  } catch (error) {
    const [why, options] =
      error instanceof Unsendable
        ? [error.message]
        : ['reading it threw an error, which is the cause of this one', { cause: error }]
    const place = frames.map(placeOf)
    if (place.length > 20) place.splice(10, place.length - 20, '…')
    throw new InvalidArgumentError(
      parameter,
      `${parameter}${place.join('')} cannot be sent as JSON: ${why}.`,
      options,
    )
  }
}

class Unsendable extends Error {}

/** What `JSON.stringify` makes of one value: a scalar, `undefined` where it drops it, or the object to be copied. */
function scalarOrObject(given: unknown, key: string): unknown {
  let value = given
  if (typeof value === 'object' || typeof value === 'function' || typeof value === 'bigint') {
    const toJSON: unknown = (value as { toJSON?: unknown } | null)?.toJSON
    if (typeof toJSON === 'function') {
      value = toJSON.call(value, key) as unknown
      if (value === null) {
        const isDate = tagOf(given) === 'Date'
        throw new Unsendable(isDate ? 'it is an invalid Date' : 'its toJSON() returns null')
      }
    }
  }
  if (typeof value === 'object' && value !== null) value = unboxed(value)
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw new Unsendable(`it is ${value}`)
      // JSON has no minus zero.
      return value === 0 ? 0 : value
    case 'bigint':
    case 'function':
    case 'symbol':
      throw new Unsendable(`it is a ${typeof value}`)
    default:
      return value
  }
}

/**
 * The scalar in a `new Number(1)` and its like, otherwise the object. Throws for the other built-ins, whose contents are not
 * in their fields.
 */
function unboxed(value: object): unknown {
  if (Array.isArray(value)) return value
  const tag = tagOf(value)
  // Without a tag of its own, an object cannot pass for what it is not.
  if (!(Symbol.toStringTag in value)) {
    if (tag === 'Number') return Number(value)
    if (tag === 'String') return String(value)
    if (tag === 'Boolean') return Boolean.prototype.valueOf.call(value)
    if (tag === 'Object') return value
  }
  throw new Unsendable(`it is ${/^[AEIO]/.test(tag) ? 'an' : 'a'} ${tag}`)
}

/** `Map` for a Map. Throws for a revoked proxy. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** The key that is being read. */
function keyOf({ keys, next }: Frame): string {
  return keys?.[next - 1] ?? String(next - 1)
}

function placeOf(frame: Frame): string {
  const key = keyOf(frame)
  if (frame.keys === undefined) return `[${key}]`
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

/** Assignment to `__proto__` would change the prototype; a definition makes it a key. */
export function setOwnKey(object: JSONObject, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}

/** Compares two values that are JSON, without regard to the order of keys. Depth costs memory, not stack. */
export function isSameJSON(a: unknown, b: unknown): boolean {
  const pairs = [[a, b]]
  // An array is iterated also over what is added on the way.
  for (const [left, right] of pairs) {
    if (left === right) continue
    if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false
    const keys = Object.keys(left)
    if (Array.isArray(left) !== Array.isArray(right)) return false
    if (keys.length !== Object.keys(right).length) return false
    for (const key of keys) {
      if (!Object.hasOwn(right, key)) return false
      pairs.push([(left as JSONObject)[key], (right as JSONObject)[key]])
    }
  }
  return true
}
