import { InvalidArgumentError } from './errors.js'

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

type JSONObject = { [key: string]: unknown }

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
 * - Keys are data: `__proto__`, `constructor` and `prototype` are stored like any other key.
 *
 * Neither argument is changed. What the patch leaves alone keeps its identity: an untouched key holds the very same
 * object, and a patch that changes nothing returns `current` itself. What the patch brings (an array, say) is stored
 * as it is, not copied. Depth costs memory, not stack.
 *
 * @throws InvalidArgumentError when the patch holds itself
 *
 * Source: contract, section 6; https://www.rfc-editor.org/rfc/rfc7396
 */
export function mergeMetadata<T extends object>(current: T, patch: MetadataPatch<T>): T {
  let frame = openFrame(current as JSONObject, patch as JSONObject, null, '')
  const openPatches = new Set<JSONObject>([frame.patch])
  for (;;) {
    const key = frame.keys[frame.next++]
    if (key === undefined) {
      const { parent, parentKey, result } = frame
      openPatches.delete(frame.patch)
      if (parent === null) return result as T
      put(parent, parentKey, result)
      frame = parent
      continue
    }
    const value = frame.patch[key]
    const before = Object.hasOwn(frame.base, key) ? frame.base[key] : undefined
    if (value === undefined) continue
    if (value === null) remove(frame, key)
    else if (!isObject(value)) put(frame, key, value)
    else {
      if (openPatches.has(value)) {
        throw new InvalidArgumentError('patch', `The metadata patch holds itself, at key '${key}'.`)
      }
      openPatches.add(value)
      // An object over a scalar, an array or nothing starts from {}, so that the nulls inside it vanish too.
      frame = openFrame(isObject(before) ? before : {}, value, frame, key)
    }
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
  if (Object.hasOwn(frame.result, key) && Object.is(frame.result[key], value)) return
  copyOnce(frame)
  // Assignment to `__proto__` would change the prototype; a definition makes it a key.
  Object.defineProperty(frame.result, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
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
