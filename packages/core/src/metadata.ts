import { toMetadata } from './arguments.js'
import { isSameJSON, type JSONObject, setOwnKey } from './plain-json.js'

/**
 * A change to metadata of type `T`: every key optional, `null` removes a key at any level, objects merge, everything
 * else (arrays too) replaces.
 */
export type MetadataPatch<T> = { [Key in keyof T]?: MetadataPatchValue<T[Key]> | null }

type MetadataPatchValue<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? MetadataPatch<Value>
    : Value

/** One object of the patch that is being worked through. */
interface Frame {
  readonly base: JSONObject
  readonly patch: JSONObject
  readonly keys: string[]
  next: number
  /** `base` itself until the first difference, then a copy of it. */
  result: JSONObject
  readonly parent: Frame | null
  readonly parentKey: string
}

/**
 * Applies a metadata patch the way the API does: JSON Merge Patch (RFC 7396) for objects.
 *
 * - Objects merge key by key; arrays and scalars replace what was there.
 * - `null` removes the key; inside an array it is a value like any other. No `null` is ever stored outside arrays.
 * - `undefined` is as good as absent, since JSON does not carry it.
 * - The patch counts as JSON carries it: a Date is merged as the text it becomes.
 * - Keys are data: `__proto__`, `constructor` and `prototype` are stored like any other key.
 *
 * Neither argument is changed. What the patch leaves alone keeps its identity: an untouched key holds the very same
 * object, and a patch that changes nothing returns `current` itself. Depth costs memory, not stack.
 *
 * @throws InvalidArgumentError when the patch is no JSON object, or holds what JSON cannot carry; it names the place
 *
 * Source: contract, section 6; https://www.rfc-editor.org/rfc/rfc7396
 */
export function mergeMetadata<T extends object>(current: T, patch: MetadataPatch<T>): T {
  let frame = openFrame(current as JSONObject, toMetadata('patch', patch), null, '')
  for (;;) {
    const key = frame.keys[frame.next++]
    if (key === undefined) {
      const { parent, parentKey, result } = frame
      if (parent === null) return result as T
      put(parent, parentKey, result)
      frame = parent
      continue
    }
    const value = frame.patch[key]
    const before = Object.hasOwn(frame.base, key) ? frame.base[key] : undefined
    if (value === null) remove(frame, key)
    else if (!isObject(value)) put(frame, key, value)
    // An object over a scalar, an array or nothing starts from {}, so that the nulls inside it vanish too.
    else frame = openFrame(isObject(before) ? before : {}, value, frame, key)
  }
}

function openFrame(
  base: JSONObject,
  patch: JSONObject,
  parent: Frame | null,
  parentKey: string,
): Frame {
  return { base, patch, keys: Object.keys(patch), next: 0, result: base, parent, parentKey }
}

function put(frame: Frame, key: string, value: unknown): void {
  const { result } = frame
  // An object here is the frame's own: the one that was there already, unless something in it has changed.
  const isThere =
    Object.hasOwn(result, key) &&
    (isObject(value) ? result[key] === value : isSameJSON(result[key], value))
  if (isThere) return
  copyOnce(frame)
  setOwnKey(frame.result, key, value)
}

function remove(frame: Frame, key: string): void {
  if (!Object.hasOwn(frame.result, key)) return
  copyOnce(frame)
  delete frame.result[key]
}

function copyOnce(frame: Frame): void {
  if (frame.result === frame.base) frame.result = { ...frame.base }
}

function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
