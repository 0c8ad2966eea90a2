import { isJSONObject } from '@org-memberships/core/contract'

type JSONObject = { [key: string]: unknown }

/** What a reader typed, once it has been looked at. */
export type MetadataReading =
  | { ok: true; patch: JSONObject; changes: number }
  | { ok: false; message: string }

/**
 * Reads the edited metadata and works out the merge patch that turns `current` into it: a key that was taken out
 * becomes `null`, an array is replaced whole, what did not change is left out.
 */
export function readMetadataEdit(current: JSONObject, text: string): MetadataReading {
  let edited: unknown
  try {
    edited = JSON.parse(text)
  } catch (error) {
    return { ok: false, message: `This is not JSON yet. ${(error as SyntaxError).message}.` }
  }
  if (!isJSONObject(edited)) {
    return {
      ok: false,
      message: `Metadata is an object, such as { "team": "Design" }; this is ${kindOf(edited)}.`,
    }
  }
  const patch = patchBetween(current, edited)
  return { ok: true, patch, changes: countLeaves(patch) }
}

/** The smallest JSON Merge Patch (RFC 7396) that leads from one object to the other. */
export function patchBetween(from: JSONObject, to: JSONObject): JSONObject {
  const patch: JSONObject = {}
  for (const key of Object.keys(from)) {
    if (!Object.hasOwn(to, key) || to[key] === null) put(patch, key, null)
  }
  for (const [key, value] of Object.entries(to)) {
    if (value === null) continue
    const before = Object.hasOwn(from, key) ? from[key] : undefined
    if (isJSONObject(value) && isJSONObject(before)) {
      const inner = patchBetween(before, value)
      if (Object.keys(inner).length > 0) put(patch, key, inner)
    } else if (!isSame(before, value)) {
      put(patch, key, value)
    }
  }
  return patch
}

// Keys are the reader's own: assigning to `__proto__` would set a prototype where a key is meant.
function put(target: JSONObject, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  }
  if (isJSONObject(a) && isJSONObject(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
    )
  }
  return Object.is(a, b)
}

function countLeaves(patch: JSONObject): number {
  return Object.values(patch).reduce<number>(
    (sum, value) => sum + (isJSONObject(value) ? Math.max(1, countLeaves(value)) : 1),
    0,
  )
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
