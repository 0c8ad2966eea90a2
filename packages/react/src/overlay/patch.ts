type JSONObject = { [key: string]: unknown }

/**
 * One metadata patch that does what two do one after the other, or `undefined` where there is none: after
 * `{ a: null }` (or `{ a: 1 }`) the patch `{ a: { b: 1 } }` starts from an empty object, which no single patch can say.
 */
export function composePatches<Patch extends object>(
  first: Patch,
  second: Patch,
): Patch | undefined {
  const composed = { ...first } as JSONObject
  for (const [key, value] of Object.entries(second)) {
    if (value === undefined) continue
    const earlier = Object.hasOwn(composed, key) ? composed[key] : undefined
    let next: unknown = value
    if (isObject(value) && earlier !== undefined) {
      next = isObject(earlier) ? composePatches(earlier, value) : undefined
      if (next === undefined) return undefined
    }
    // Assignment to `__proto__` would change the prototype; a definition makes it a key.
    Object.defineProperty(composed, key, {
      value: next,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
  return composed as Patch
}

function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
